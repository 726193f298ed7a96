"""The bot: people subscribe, look things up and ask why, by chat.

    adapter (telegram)          updates ⇄ Incoming, Outgoing; who is an administrator; menus
    bot                         takes updates in, acts upon each once, sends the replies
    dispatch                    a command, a press, an answer, plain text → its handler
    commands/*                  handlers: a Turn and words → Reply; know no chat program
    registry                    what there is: menus, /help and suggestions are made of it
    rendering, paging           Reply → messages that fit, buttons that carry anything

A new command is a function in a module of `commands` (see `registry`), its texts are marked where they
stand (see `texts`) and translated in locale/zh.po. Handlers run in the transaction that marks the update as
done: what they write and that they did it is one thing. What takes longer than a moment is a `job`: it runs
afterwards, without a transaction, and makes its reply when it is done.
"""
