# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""The official Python library as another node: found and finding, joining and leaving, matching and asking."""
import zenoh

from json_lines import serve
from zenoh_peer import ZenohPeer, config_of


class NetworkPeer(ZenohPeer):
    def leave(self):
        self.session.close()
        self.session = None
        self.declared.clear()

    def info(self):
        info = self.session.info
        return {
            "zid": str(info.zid()),
            "peers": [str(zid) for zid in info.peers_zid()],
            "transports": [
                {"zid": str(one.zid), "whatami": str(one.whatami), "isQos": one.is_qos, "isShm": one.is_shm}
                for one in info.transports()
            ],
            "links": [
                {"zid": str(one.zid), "src": str(one.src), "dst": str(one.dst), "isStreamed": one.is_streamed}
                for one in info.links()
            ],
        }

    def scout(self, what, settings):
        """The first node found. The handler's wait has no limit of its own: that of the caller counts."""
        with zenoh.scout(what=what, config=config_of(settings)) as found:
            hello = found.recv()
            return {"whatami": str(hello.whatami), "zid": str(hello.zid), "locators": hello.locators}

    def queryable(self, key, complete):
        self.declared.append(self.session.declare_queryable(key, lambda query: query.drop(), complete=complete))


if __name__ == "__main__":
    serve(NetworkPeer())
