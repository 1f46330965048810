"""A Streamlit session without a browser: speaks the websocket's protocol, so that thirty of them fit on a small machine."""

import json
import time

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

WIDGETS = {"button", "button_group", "text_input"}
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Session:
    """One session; `rerun` and its kin return the seconds from sending until the script has finished."""

    def __init__(self, address, *, cookie="", page="", on_message=None):
        self.address = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self.origin, self.cookie, self.page_name, self.on_message = address, cookie, page, on_message
        self.slider = self.value = None
        self.map = self.map_fragment = self.token = None
        # What the map was last told of the data, what the last run drew and warned of.
        self.data_version = 0
        self.drawn = []
        self.page = ""
        self.received = 0
        self.alerts = []

    async def __aenter__(self):
        headers = {"Cookie": self.cookie} if self.cookie else None
        # Who is signed in is believed only together with the token against forged requests.
        proof = [part.partition("=")[2] for part in self.cookie.split("; ") if part.startswith("_streamlit_xsrf=")]
        self.socket = await connect(
            self.address, subprotocols=["streamlit", *proof], max_size=None, origin=self.origin,
            additional_headers=headers,
        )  # fmt: skip
        first = BackMsg()
        first.rerun_script.page_name = self.page_name
        await self._run(first)
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def rerun(self):
        """Run the whole page again."""
        return await self._run(self._message())

    async def move_slider(self):
        """Rerun the whole page with another value of its slider."""
        self.value = self.value % 100 + 1
        message = self._message()
        widget = message.rerun_script.widget_states.widgets.add(id=self.slider)
        widget.double_array_value.data.append(self.value)
        return await self._run(message)

    async def click(self, *, seq, lon, lat, layer=None, feature=None):
        """Click on the map: on the ground, where the form opens, or on a feature of a layer."""
        message = self._message()
        message.rerun_script.fragment_id = self.map_fragment
        # The browser sends a component's state with every trigger; without it nobody hears of the click.
        message.rerun_script.widget_states.widgets.add(id=self.map).json_value = "{}"
        widget = message.rerun_script.widget_states.widgets.add(id=_make_trigger_id(self.map, "events"))
        value = {"seq": seq, "lon": lon, "lat": lat, "zoom": 12, "layer": layer, "id": feature, "title": None}
        widget.json_trigger_value = json.dumps([{"event": "click", "value": value}])
        return await self._run(message)

    async def press(self, button, *, texts=(), pills=()):
        """Press a button beside the map, of a form together with what was filled in: pairs of widget and value."""
        message = self._message()
        message.rerun_script.fragment_id = self.map_fragment
        states = message.rerun_script.widget_states.widgets
        for widget, text in texts:
            states.add(id=widget).string_value = text
        for widget, label in pills:
            states.add(id=widget).string_array_value.data.append(label)
        states.add(id=button).trigger_value = True
        return await self._run(message)

    def widget(self, kind, ending=""):
        """Return the element of a kind that the last run drew whose id ends so, None where there is none."""
        return next((one for what, one in self.drawn if what == kind and one.id.endswith(ending)), None)

    def _message(self):
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        return message

    async def _run(self, message):
        # An empty message would have no type: the field must be there even where it says nothing.
        message.rerun_script.query_string = ""
        message.rerun_script.SetInParent()
        self.received = 0
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            data = await self.socket.recv()
            self.received += len(data)
            if self.on_message is not None:
                self.on_message(data)
            answer = ForwardMsg.FromString(data)
            kind = answer.WhichOneof("type")
            if kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if answer.script_finished not in FINISHED:
                    raise RuntimeError(f"the script ended with {answer.script_finished}")
                return time.perf_counter() - start
            self._note(kind, answer)

    def _note(self, kind, answer):
        if kind == "new_session":
            self.page = answer.new_session.page_script_hash
            self.alerts, self.drawn = [], []
        elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            element = answer.delta.new_element
            what = element.WhichOneof("type")
            if what == "slider":
                self.slider, self.value = element.slider.id, self.value or element.slider.default[0]
            elif what == "bidi_component":
                self.map, self.map_fragment = element.bidi_component.id, answer.delta.fragment_id
                told = json.loads(element.bidi_component.json)
                self.token, self.data_version = told.get("token"), told.get("data_version", 0)
            elif what in WIDGETS:
                self.drawn.append((what, getattr(element, what)))
            elif what == "alert":
                self.alerts.append(element.alert.body)
            elif what == "exception":
                raise RuntimeError(f"the page shows an error: {element.exception.message}")
