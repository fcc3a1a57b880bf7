"""The published site, its database and its API over HTTP: what `tracker publish` wrote, reading only.

`app` puts the parts together; each part takes the open database from `edition`. Nothing here knows of the working
database or of the network beyond the requests that come in.
"""
