package io.lb4j.internal.accept;

import io.lb4j.internal.tls.Hello;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;

/** A socket whose first TLS record goes out in records of one octet each, all in separate writes. */
final class CrumblingSocket extends Socket {
    private static final int RECORD_HEADER = 5;

    CrumblingSocket(int port) throws IOException {
        super(InetAddress.getLoopbackAddress(), port);
        setTcpNoDelay(true);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            private boolean isFirst = true;

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                if (!isFirst) {
                    out.write(octets, offset, length);
                    return;
                }
                isFirst = false;
                for (int i = offset + RECORD_HEADER; i < offset + length; i++) {
                    out.write(Hello.records(Arrays.copyOfRange(octets, i, i + 1), 1));
                }
            }
        };
    }
}
