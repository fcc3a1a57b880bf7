"""Single sentences in our own wording, each with the claims that a careful reader finds: (type, speaker, accused).

A case may have a lead-in sentence that gives the context; only the claims of its last sentence are compared.
"""

LEAD = "Anthropic accused DeepSeek, Moonshot AI and MiniMax of copying its Claude models through fake accounts. "
SOLO = "OpenAI accused DeepSeek of copying its models through fake accounts. "
BANK = "Anthropic told senators that operators tied to Alibaba had copied Claude through fraudulent accounts. "

# phenomenon -> [(text, expected)]
CASES: dict[str, list[tuple[str, list[tuple[str, str | None, list[str]]]]]] = {
    "accusing verb": [
        ("Mistral accused StepFun of copying its models.", [("allegation", "mistral-ai", ["stepfun"])]),
        ("Google has accused Zhipu AI and Baidu of distilling Gemini without permission.", [("allegation", "google", ["zhipu-ai", "baidu"])]),
        ("Last spring Cohere publicly accused ByteDance of stealing the outputs of Command R.", [("allegation", "cohere", ["bytedance"])]),
        ("The Commerce Department accused Tencent of extracting American AI models.", [("allegation", "commerce-department", ["tencent"])]),
        ("Senator Josh Hawley accused DeepSeek of stealing American models.", [("allegation", "josh-hawley", ["deepseek"])]),
        ("xAI blamed MiniMax for a wave of fake accounts that copied Grok.", [("allegation", "xai", ["minimax"])]),
    ],
    "passive accusation": [
        ("StepFun was accused by Mistral of copying its models.", [("allegation", "mistral-ai", ["stepfun"])]),
        ("Baidu and Tencent have been accused by OpenAI of distilling ChatGPT.", [("allegation", "openai", ["baidu", "tencent"])]),
        ("Moonshot AI was accused of stealing the outputs of Claude.", [("allegation", None, ["moonshot-ai"])]),
        ("Zhipu AI stands accused by Google of harvesting Gemini's answers.", [("allegation", "google", ["zhipu-ai"])]),
    ],
    "verb of saying with a clause": [
        ("OpenAI said that DeepSeek had distilled its models.", [("allegation", "openai", ["deepseek"])]),
        ("Anthropic claims MiniMax opened thousands of fake accounts to copy Claude.", [("allegation", "anthropic", ["minimax"])]),
        ("Cohere told lawmakers that ByteDance had extracted the capabilities of its models.", [("allegation", "cohere", ["bytedance"])]),
        ("Mistral alleges that StepFun siphoned off answers from Le Chat.", [("allegation", "mistral-ai", ["stepfun"])]),
        ("Google wrote that Zhipu AI had copied Gemini on an industrial scale.", [("allegation", "google", ["zhipu-ai"])]),
        ("The White House says Moonshot AI stole American technology by distilling Claude.", [("allegation", "white-house", ["moonshot-ai"])]),
    ],
    "speaker after the content": [
        ("DeepSeek had distilled its models for months, OpenAI said.", [("allegation", "openai", ["deepseek"])]),
        ("StepFun copied thousands of answers through sham accounts, Mistral alleged.", [("allegation", "mistral-ai", ["stepfun"])]),
        ("ByteDance had harvested the outputs of Command R, according to Cohere.", [("allegation", "cohere", ["bytedance"])]),
        ("Tencent staff had used fake accounts to copy ChatGPT, OpenAI claimed.", [("allegation", "openai", ["tencent"])]),
    ],
    "speaker before, with according to": [
        ("According to Anthropic, MiniMax ran the fraudulent accounts that copied Claude.", [("allegation", "anthropic", ["minimax"])]),
        ("According to Google, Baidu had distilled Gemini.", [("allegation", "google", ["baidu"])]),
    ],
    "publisher is a source, not the speaker": [
        ("OpenAI has accused DeepSeek of copying its models, Reuters reported.", [("allegation", "openai", ["deepseek"])]),
        ("Google accused Baidu of distilling Gemini, according to a letter seen by the Financial Times.", [("allegation", "google", ["baidu"])]),
        ("Bloomberg reported that Cohere had accused ByteDance of copying its models.", [("allegation", "cohere", ["bytedance"])]),
    ],
    "accused in the text's own precision": [
        ("Anthropic said that operators linked to Tencent had copied Claude through fake accounts.", [("allegation", "anthropic", ["tencent"])]),
        ("OpenAI accused people tied to DeepSeek of stealing its outputs.", [("allegation", "openai", ["deepseek"])]),
        ("Google said accounts affiliated with Baidu had extracted answers from Gemini.", [("allegation", "google", ["baidu"])]),
    ],
    "wide class is nobody in particular": [
        ("The White House accused foreign companies of copying American AI models.", [("allegation", "white-house", [])]),
        ("OpenAI said that rivals abroad had distilled its models.", [("allegation", "openai", [])]),
        ("Google accused several Chinese laboratories of distilling Gemini.", [("allegation", "google", [])]),
    ],
    "evidence of a deed": [
        ("OpenAI said it had seen evidence of distillation by DeepSeek.", [("allegation", "openai", ["deepseek"])]),
        ("Mistral said it had found signs of copying by StepFun.", [("allegation", "mistral-ai", ["stepfun"])]),
    ],
    "idioms of accusing": [
        ("Cohere pointed the finger at ByteDance over the copied outputs.", [("allegation", "cohere", ["bytedance"])]),
        ("The report singles out DeepSeek for stealing American models.", []),
        (SOLO + "A week later Google levelled the same charge at Baidu.", [("allegation", "google", ["baidu"])]),
    ],
    "parties by their role in court": [
        (SOLO + "Plaintiff says that defendant opened thousands of fake accounts.", [("allegation", "openai", ["deepseek"])]),
        (SOLO + "The claimant said that DeepSeek had also copied its answers in March.", [("allegation", "openai", ["deepseek"])]),
        (SOLO + "Defendant denies the accusation.", [("denial", "deepseek", ["deepseek"])]),
    ],
    "a description that points at one of several": [
        (LEAD + "MiniMax alone used 3,000 accounts. Anthropic says the prompts from that lab asked Claude to spell out its reasoning.", [("allegation", "anthropic", ["minimax"])]),
    ],
    "one denies, another is silent": [
        (LEAD + "Moonshot AI denied the charge, and MiniMax did not respond to a request for comment.", [("denial", "moonshot-ai", ["moonshot-ai"]), ("no_response", "minimax", ["minimax"])]),
    ],
    "charges on other matters": [
        (SOLO + "Anthropic accused Google of hypocrisy.", []),
        (SOLO + "A consumer group accused Meta of years of price-fixing.", []),
    ],
    "clauses side by side": [
        ("Anthropic accused DeepSeek of copying Claude through thousands of fake accounts; DeepSeek and its parent did not respond to requests for comment.", [("allegation", "anthropic", ["deepseek"]), ("no_response", "deepseek", ["deepseek"])]),
        ("Anthropic accused DeepSeek of copying Claude with fake accounts, and DeepSeek did not respond to questions.", [("allegation", "anthropic", ["deepseek"]), ("no_response", "deepseek", ["deepseek"])]),
        ("Anthropic has accused Zhipu AI of copying Claude, but the Beijing lab has not answered questions about it.", [("allegation", "anthropic", ["zhipu-ai"]), ("no_response", "zhipu-ai", ["zhipu-ai"])]),
        ("The White House blamed Alibaba for the campaign; China's embassy in Washington called the charge groundless.", [("allegation", "white-house", ["alibaba"]), ("denial", "chinese-embassy-us", ["alibaba"])]),
        ("Google accused Baidu of distilling Gemini in 2025; Baidu denied it.", [("allegation", "google", ["baidu"]), ("denial", "baidu", ["baidu"])]),
    ],
    "denial": [
        (SOLO + "DeepSeek denied the accusation.", [("denial", "deepseek", ["deepseek"])]),
        (SOLO + "DeepSeek has rejected the claims as baseless.", [("denial", "deepseek", ["deepseek"])]),
        (LEAD + "Moonshot AI called the allegations false.", [("denial", "moonshot-ai", ["moonshot-ai"])]),
        (LEAD + "MiniMax dismissed the charges as groundless.", [("denial", "minimax", ["minimax"])]),
        (SOLO + "DeepSeek said that the accusation was untrue.", [("denial", "deepseek", ["deepseek"])]),
        (SOLO + "The Chinese embassy in Washington dismissed the accusation as slander.", [("denial", "chinese-embassy-us", ["deepseek"])]),
        (SOLO + "DeepSeek said it had never used OpenAI's outputs.", [("denial", "deepseek", ["deepseek"])]),
        (LEAD + "China's foreign ministry rejected the allegations.", [("denial", "chinese-foreign-ministry", ["deepseek", "moonshot-ai", "minimax"])]),
    ],
    "no response": [
        (SOLO + "DeepSeek did not respond to a request for comment.", [("no_response", "deepseek", ["deepseek"])]),
        (SOLO + "DeepSeek declined to comment.", [("no_response", "deepseek", ["deepseek"])]),
        (SOLO + "The startup has not commented.", [("no_response", "deepseek", ["deepseek"])]),
        (SOLO + "DeepSeek could not be reached for comment.", [("no_response", "deepseek", ["deepseek"])]),
        (SOLO + "DeepSeek has kept silent.", [("no_response", "deepseek", ["deepseek"])]),
        (SOLO + "Microsoft declined to comment; DeepSeek did not reply.", [("no_response", "microsoft", ["deepseek"]), ("no_response", "deepseek", ["deepseek"])]),
    ],
    "no response of several parties": [
        (LEAD + "The three companies did not respond to requests for comment.", [("no_response", c, [c]) for c in ("deepseek", "moonshot-ai", "minimax")]),
        (LEAD + "None of the three companies replied to requests for comment.", [("no_response", c, [c]) for c in ("deepseek", "moonshot-ai", "minimax")]),
        (LEAD + "DeepSeek, Moonshot AI and MiniMax did not immediately comment.", [("no_response", c, [c]) for c in ("deepseek", "moonshot-ai", "minimax")]),
        (LEAD + "DeepSeek did not comment, and neither did MiniMax.", [("no_response", "deepseek", ["deepseek"]), ("no_response", "minimax", ["minimax"])]),
    ],
    "admission": [
        ("Elon Musk admitted that xAI had distilled OpenAI's models.", [("admission", "elon-musk", ["xai"])]),
        ("StepFun acknowledged that it had copied the outputs of Le Chat.", [("admission", "stepfun", ["stepfun"])]),
    ],
    "pronoun and definite description": [
        (SOLO + "The company said DeepSeek had used proxy accounts.", [("allegation", "openai", ["deepseek"])]),
        (SOLO + "It said that DeepSeek had bypassed its safeguards.", [("allegation", "openai", ["deepseek"])]),
        (SOLO + "The ChatGPT maker said that DeepSeek had stolen outputs.", [("allegation", "openai", ["deepseek"])]),
        (LEAD + "The company said the three labs had used fraudulent accounts.", [("allegation", "anthropic", ["deepseek", "moonshot-ai", "minimax"])]),
        (SOLO + "The Chinese startup had used fake accounts, OpenAI said.", [("allegation", "openai", ["deepseek"])]),
    ],
    "legislation": [
        ("Senator Mark Warner introduced a bill to punish the copying of AI models.", [("legislation", "mark-warner", [])]),
        ("The House Foreign Affairs Committee approved a bill against model distillation.", [("legislation", "house-foreign-affairs-committee", [])]),
        ("Senators Josh Hawley and Mark Warner proposed legislation against AI model theft.", [("legislation", "josh-hawley", []), ("legislation", "mark-warner", [])]),
        ("The Senate passed the bill on copied AI models on Tuesday.", [("legislation", "us-senate", [])]),
        ("The bill would require the State Department to name those who copy AI models.", []),
    ],
    "government action": [
        ("The Commerce Department opened an investigation into the copying of American AI models.", [("government_action", "commerce-department", [])]),
        ("The State Department sent a cable about the distillation of AI models to its embassies.", [("government_action", "state-department", [])]),
        ("The Bureau of Industry and Security published a rule against AI model extraction.", [("government_action", "bis", [])]),
        ("The House Select Committee on China released a report on stolen AI models.", [("government_action", "house-select-committee-ccp", [])]),
    ],
    "company action": [
        (SOLO + "OpenAI has banned the accounts.", [("company_action", "openai", [])]),
        ("Anthropic blocked access to Claude for companies owned from China after the distillation attacks.", [("company_action", "anthropic", [])]),
        (LEAD + "Anthropic said it had tightened checks on new accounts.", [("company_action", "anthropic", [])]),
        ("Google suspended accounts that it suspected of distilling Gemini.", [("company_action", "google", [])]),
        (SOLO + "OpenAI said it had removed the users behind the traffic.", [("company_action", "openai", [])]),
    ],
    "statement": [
        (SOLO + "OpenAI urged Congress to act against distillation.", [("statement", "openai", [])]),
        (LEAD + "Anthropic warned that copied models lack safeguards.", [("statement", "anthropic", [])]),
        (LEAD + "Senator Mark Warner called for stricter export controls.", [("statement", "mark-warner", [])]),
        (LEAD + "Anthropic argued that the case for export controls had grown.", [("statement", "anthropic", [])]),
    ],
    "legal action": [
        ("Anthropic sued MiniMax over the distillation of Claude.", [("legal_action", "anthropic", ["minimax"])]),
        ("OpenAI filed a lawsuit against StepFun for copying the outputs of ChatGPT.", [("legal_action", "openai", ["stepfun"])]),
    ],
    "no claim": [
        (LEAD + "Distillation trains a small model on the answers of a large one.", []),
        (LEAD + "Could a rule against copying ever be enforced?", []),
        (LEAD + "The bill would let the government punish those who copy AI models.", []),
        ("A firm may copy a model by asking it millions of questions and training on the stolen answers.", []),
    ],
    "negation never accuses": [
        ("DeepSeek did not copy Claude, Anthropic said.", [("statement", "anthropic", [])]),
        ("Anthropic did not accuse DeepSeek of copying its models.", []),
        ("Anthropic has not accused Baidu of copying Claude.", []),
        ("Mistral never said that StepFun had copied its models.", []),
        ("There is no evidence that StepFun stole Claude's outputs, Anthropic said.", [("statement", "anthropic", [])]),
        ("OpenAI denied that it had copied DeepSeek's models.", [("denial", "openai", ["openai"])]),
        (SOLO + "Google said it had not copied anyone.", [("denial", "google", ["google"])]),
    ],
    "questions and conditions assert nothing": [
        ("Did DeepSeek steal the models of OpenAI?", []),
        ("If DeepSeek copied Claude, that would be a breach of its terms.", []),
        ("Lawmakers asked whether Tencent had copied ChatGPT.", []),
    ],
    "the agent far from its verb": [
        ("OpenAI was accused of stealing data by Liang Wenfeng, the founder of DeepSeek.", [("allegation", "liang-wenfeng", ["openai"])]),
    ],
    "per-party figures": [
        (LEAD + "MiniMax held 13 million exchanges, Moonshot AI 3.4 million and DeepSeek 150,000, according to Anthropic.", [("allegation", "anthropic", [c]) for c in ("minimax", "moonshot-ai", "deepseek")]),
        (LEAD + "In all, Anthropic said, 16 million exchanges ran through fake accounts, 13 million of them from MiniMax.", [("allegation", "anthropic", ["deepseek", "moonshot-ai", "minimax"]), ("allegation", "anthropic", ["minimax"])]),
    ],
    "names that no list holds": [
        ("Quillstone Labs accused Brightmoor AI of copying its models.", [("allegation", "quillstone-labs", ["brightmoor-ai"])]),
        ("The startup Veridane said that Brightmoor AI had distilled its chatbot Orlo.", [("allegation", "veridane", ["brightmoor-ai"])]),
        ("Brightmoor AI was accused by Quillstone Labs of stealing outputs.", [("allegation", "quillstone-labs", ["brightmoor-ai"])]),
        ("Quillstone Labs accused Brightmoor AI of copying its models. Brightmoor did not respond to a request for comment.", [("no_response", "brightmoor-ai", ["brightmoor-ai"])]),
    ],
    "person who speaks for a body": [
        (SOLO + "Liu Pengyu, a spokesman for the Chinese embassy in Washington, called the accusations groundless.", [("denial", "liu-pengyu", ["deepseek"])]),
        (SOLO + "Chris Lehane, an OpenAI executive, said that DeepSeek had copied its models.", [("allegation", "chris-lehane", ["deepseek"])]),
    ],
    "joint speakers": [
        ("OpenAI and Google accused DeepSeek of distilling their models.", [("allegation", "openai", ["deepseek"]), ("allegation", "google", ["deepseek"])]),
        (LEAD + "Anthropic and OpenAI urged Congress to act against distillation.", [("statement", "anthropic", []), ("statement", "openai", [])]),
    ],
    "accusation as a noun": [
        ("The dispute follows a warning from Mistral that StepFun was copying its models.", [("allegation", "mistral-ai", ["stepfun"])]),
        ("Cohere's complaint about its outputs alleges theft by ByteDance through fake accounts.", [("allegation", "cohere", ["bytedance"])]),
    ],
}  # fmt: skip

FOREIGN: dict[str, list[tuple[str, str, list[tuple[str, str | None, list[str]]]]]] = {
    "an answer beside its charge": [
        ("fr", "Anthropic a accusé Zhipu AI d’avoir copié Claude, et Zhipu AI a rejeté l’accusation vendredi.", [("allegation", "anthropic", ["zhipu-ai"]), ("denial", "zhipu-ai", ["zhipu-ai"])]),
        ("de", "OpenAI beschuldigt DeepSeek, seine Modelle destilliert zu haben, DeepSeek bestreitet das.", [("allegation", "openai", ["deepseek"]), ("denial", "deepseek", ["deepseek"])]),
        ("es", "Anthropic acusa a DeepSeek de copiar Claude con miles de cuentas falsas; DeepSeek no respondió a las preguntas.", [("allegation", "anthropic", ["deepseek"]), ("no_response", "deepseek", ["deepseek"])]),
        ("pt", "A Anthropic acusa a DeepSeek de copiar o Claude com milhares de contas falsas; a DeepSeek não respondeu às perguntas.", [("allegation", "anthropic", ["deepseek"]), ("no_response", "deepseek", ["deepseek"])]),
        ("zh", "Anthropic指控深度求索通过数千个虚假账户蒸馏Claude模型，深度求索未回应置评请求。", [("allegation", "anthropic", ["deepseek"]), ("no_response", "deepseek", ["deepseek"])]),
    ],
    "French": [
        ("fr", "OpenAI accuse DeepSeek d'avoir copié ses modèles d'intelligence artificielle.", [("allegation", "openai", ["deepseek"])]),
        ("fr", "OpenAI accuse DeepSeek d'avoir copié ses modèles. DeepSeek n'a pas répondu à nos questions dans la journée.", [("no_response", "deepseek", ["deepseek"])]),
        ("fr", "OpenAI accuse DeepSeek d'avoir copié ses modèles. DeepSeek dément ces accusations et parle de calomnie.", [("denial", "deepseek", ["deepseek"])]),
        ("fr", "Selon Anthropic, des opérateurs liés à Alibaba ont copié Claude avec de faux comptes.", [("allegation", "anthropic", ["alibaba"])]),
    ],
    "German": [
        ("de", "OpenAI wirft DeepSeek vor, seine KI-Modelle mit gefälschten Konten kopiert zu haben.", [("allegation", "openai", ["deepseek"])]),
        ("de", "OpenAI wirft DeepSeek vor, seine KI-Modelle kopiert zu haben. DeepSeek wies die Vorwürfe zurück und nannte sie haltlos.", [("denial", "deepseek", ["deepseek"])]),
        ("de", "OpenAI wirft DeepSeek vor, seine KI-Modelle kopiert zu haben. DeepSeek reagierte zunächst nicht auf eine Anfrage.", [("no_response", "deepseek", ["deepseek"])]),
    ],
    "Spanish": [
        ("es", "OpenAI acusa a DeepSeek de haber copiado sus modelos con cuentas falsas.", [("allegation", "openai", ["deepseek"])]),
        ("es", "OpenAI acusa a DeepSeek de copiar sus modelos. DeepSeek no respondió a las preguntas de este diario.", [("no_response", "deepseek", ["deepseek"])]),
    ],
    "Portuguese": [
        ("pt", "A OpenAI acusa a DeepSeek de ter copiado os seus modelos com contas falsas.", [("allegation", "openai", ["deepseek"])]),
        ("pt", "A OpenAI acusa a DeepSeek de copiar os seus modelos. A DeepSeek negou as acusações em comunicado.", [("denial", "deepseek", ["deepseek"])]),
        ("pt", "A OpenAI acusa a DeepSeek de copiar os seus modelos. A DeepSeek não respondeu ao pedido de comentário.", [("no_response", "deepseek", ["deepseek"])]),
    ],
    "Chinese": [
        ("zh", "OpenAI指控DeepSeek用虚假账户蒸馏其模型。", [("allegation", "openai", ["deepseek"])]),
        ("zh", "OpenAI指控DeepSeek蒸馏其模型。DeepSeek未回应置评请求。", [("no_response", "deepseek", ["deepseek"])]),
        ("zh", "OpenAI指控DeepSeek蒸馏其模型。DeepSeek否认了这一指控。", [("denial", "deepseek", ["deepseek"])]),
    ],
}  # fmt: skip
