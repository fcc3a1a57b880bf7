"""The pages by which readers subscribe, confirm, change and leave, and their digests and feeds, under /subscriptions.

A link's signed token is all the proof there is: nobody logs in, nothing is kept in a browser, and what a GET asks for
only shows (mail servers and browsers open links by themselves); acting takes a POST.
"""
