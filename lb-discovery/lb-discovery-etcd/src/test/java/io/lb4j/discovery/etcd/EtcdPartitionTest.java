package io.lb4j.discovery.etcd;

import io.lb4j.config.Part;
import io.lb4j.discovery.PartitionContract;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.server.EtcdServer;
import java.net.InetSocketAddress;

/** An etcd behind a line that is cut. */
final class EtcdPartitionTest extends PartitionContract {
    @Override
    protected Registry start() {
        EtcdServer server = EtcdServer.start();
        Keys keys = new Keys(server.url());
        return new Registry() {
            @Override
            public InetSocketAddress address() {
                return server.address();
            }

            @Override
            public Part provider(TcpRelay line) {
                return Etcd.at("http://127.0.0.1:" + line.port()).service("api");
            }

            @Override
            public void says(int port) {
                keys.put("/services/api/one", "127.0.0.1:" + port);
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
