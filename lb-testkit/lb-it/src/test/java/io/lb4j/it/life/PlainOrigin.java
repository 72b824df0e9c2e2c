package io.lb4j.it.life;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers requests without a body, as fast as it can, and remembers none. */
final class PlainOrigin implements AutoCloseable {
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII);

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    PlainOrigin() {
        try {
            listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new Thread(this::accept, "plain-origin").start();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Returns how many connections there have been. */
    int accepted() {
        return accepted.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listening.accept();
                accepted.incrementAndGet();
                open.add(connection);
                new Thread(() -> serve(connection), "plain-origin-connection").start();
            }
        } catch (IOException closed) {
            open.forEach(PlainOrigin::close);
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = connection.getInputStream();
            OutputStream out = connection.getOutputStream();
            byte[] octets = new byte[4096];
            int newLines = 0;
            for (int count = in.read(octets); count > 0; count = in.read(octets)) {
                for (int i = 0; i < count; i++) {
                    newLines = octets[i] == '\n' ? newLines + 1 : octets[i] == '\r' ? newLines : 0;
                    if (newLines == 2) {
                        newLines = 0;
                        out.write(ANSWER);
                    }
                }
            }
        } catch (IOException ended) {
            // The other side has gone: there is nobody to answer.
        } finally {
            open.remove(connection);
        }
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(PlainOrigin::close);
    }
}
