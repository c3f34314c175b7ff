"""Write into a shared notebook as a browser does: `together.py WEBSOCKET TEXT`.

It runs with the packages of the extension that shares the document, and goes on until its input ends.
"""

import sys

import websocket
from pycrdt import (  # type: ignore[import-not-found]
    Array,
    Doc,
    YMessageType,
    create_sync_message,
    create_update_message,
    handle_sync_message,
)

PATIENCE = 300

doc: Doc = Doc()
cells = doc.get("cells", type=Array)
socket = websocket.create_connection(sys.argv[1], timeout=PATIENCE)
socket.send_binary(create_sync_message(doc))
answered = False
while not len(cells) or not answered:  # the server wants to know what we have, too
    message = socket.recv()
    if isinstance(message, bytes) and message and message[0] == YMessageType.SYNC:
        reply = handle_sync_message(message[1:], doc)
        if reply is not None:
            socket.send_binary(reply)
            answered = True
before = doc.get_state()
source = cells[0]["source"]
source += sys.argv[2]
socket.send_binary(create_update_message(doc.get_update(before)))
print("written", flush=True)
sys.stdin.read()
socket.close()
