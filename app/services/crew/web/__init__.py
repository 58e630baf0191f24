"""The web side of the crew board: a small ASGI app over one store.

    crew = build_crew_app(store, recoded=..., told=pipe_something)
    settle_process()          # in a process of its own: it changes how threads take turns
    uvicorn.Server(server_config(crew, ssl_certfile=chain)).run(sockets=[...])
    crew.connected            # who looks at a board right now, as `Connected` rows
    crew.close()              # every phone's stream ends; call it on the server's loop

`store` is open and this process's own; use cases run on its database thread, and its bus tells the
app what changed. Other processes' commits are noticed ten times a second while somebody looks on.
`recoded` makes a photo anew without its metadata (raises BadInput; `app.wiring.crew_photos.recoded`
is the one that is meant, and can be handed to a spawned process); without it no photo is taken.
`told` is called (on the loop or the database thread, so it must only send or wake something)
after each commit made here and whenever `connected` changed.

Who opened a link, and when, lies in the store: `services.crew.links.crew_links(...)` has
`opened_at`, `heard_at` and `unopened` (red at GO); `services.crew.asking.asking_help` says who
asks for help. Paths are `/c/TOKEN/` (crew), `/o/TOKEN/` (observers), `/s/TOKEN/` (status); nothing
else is served. `LinkRow.path` is such a path, to be put behind the address.
"""

from app.services.crew.web.app import CrewApp, build_crew_app, server_config, settle_process
from app.services.crew.web.streams import Connected

__all__ = ["Connected", "CrewApp", "build_crew_app", "server_config", "settle_process"]
