package io.lb4j.acme.internal.challenge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small server that answers challenges over HTTP, where the balancer has no plain listener that would. It knows tokens of challenges under way and
 * nothing else, reads at most 8 KiB of a request, waits for it no longer than five seconds in all, and serves eight clients at a time. Thread-safe.
 */
public final class ChallengeServer implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(ChallengeServer.class);
    private static final Pattern REQUEST =
            Pattern.compile("GET /\\.well-known/acme-challenge/([A-Za-z0-9_-]{1,256}) HTTP/1\\.[01]\r\n");
    private static final int LONGEST_REQUEST = 8 * 1024;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CLIENTS = 8;

    private final ServerSocket socket;
    private final ExecutorService clients;
    private final HttpSolver solver;

    private ChallengeServer(ServerSocket socket, HttpSolver solver) {
        this.socket = socket;
        this.solver = solver;
        clients = new ThreadPoolExecutor(0, CLIENTS + 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "lb4j-acme-challenge");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to listen on all addresses.
     *
     * @param port 0 for any
     * @throws IOException if the port cannot be had
     */
    public static ChallengeServer listen(int port, HttpSolver solver) throws IOException {
        return listen(new InetSocketAddress(port), solver);
    }

    static ChallengeServer listen(InetSocketAddress address, HttpSolver solver) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(address);
        } catch (IOException e) {
            socket.close();
            throw new IOException("port " + address.getPort() + " for challenges over HTTP: " + e.getMessage(), e);
        }
        ChallengeServer server = new ChallengeServer(socket, solver);
        server.clients.execute(server::accept);
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                take(socket.accept());
            } catch (IOException e) {
                logger.debug(
                        "challenge server: no client after all",
                        e); // closed, which the loop notices; or a client that is gone
            }
        }
    }

    private void take(Socket client) throws IOException {
        try {
            clients.execute(() -> serve(client));
        } catch (RejectedExecutionException e) {
            // Eight are served already: an authority asks again.
            client.close();
        }
    }

    private void serve(Socket client) {
        try (client) {
            Matcher request = REQUEST.matcher(read(client));
            Optional<String> answer = request.lookingAt() ? solver.answer(request.group(1)) : Optional.empty();
            String status = answer.isPresent() ? "200 OK" : "404 Not Found";
            byte[] body = answer.orElse("").getBytes(StandardCharsets.US_ASCII);
            String head = "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length
                    + "\r\nConnection: close\r\n\r\n";
            OutputStream out = client.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        } catch (IOException e) {
            // The client is gone, or too slow: there is nobody to tell.
            return;
        }
    }

    /** Returns a request's head, or as much of it as came in time. */
    private static String read(Socket client) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        InputStream in = client.getInputStream();
        byte[] head = new byte[LONGEST_REQUEST];
        int length = 0;
        while (length < head.length) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            client.setSoTimeout((int) Math.max(1, leftMillis));
            int count = in.read(head, length, head.length - length);
            length += Math.max(0, count);
            String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            if (count < 0 || leftMillis <= 0 || text.contains("\r\n\r\n")) {
                return text;
            }
        }
        return "";
    }

    @Override
    public void close() {
        clients.shutdownNow();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the server for challenges cannot be closed", e);
        }
    }
}
