package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;

import java.util.List;

/** Messages, good and bad, that tests cut into pieces and change at random. */
final class Samples {
    static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /1 HTTP/1.1\r\nHost: a\r\nX:  y  \r\n\r\nGET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            crlf("""
                POST / HTTP/1.1
                Host: a
                Transfer-Encoding: chunked

                5;a="b"
                hello
                10
                0123456789abcdef
                0
                X-Sum: 1

                GET /next HTTP/1.1
                Host: a

                """),
            crlf("""
                POST / HTTP/1.1
                Host: a
                Transfer-Encoding: chunked

                5
                hello
                0

                """),
            "GET http://b:80/x HTTP/1.1\r\nHost: B:80\r\nConnection: close\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nxyz",
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nxyz",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.3\r\nHost: a\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"\n\"\r\nx\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX\r\n\r\n",
            "GET /" + "x".repeat(100) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(9) + "\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(300) + "\r\n\r\n");

    static final List<String> RESPONSES = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: y \r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.0 200\r\n\r\nhello",
            crlf("""
                HTTP/1.1 200 OK
                Transfer-Encoding: chunked

                5;a=b
                hello
                0
                X-Sum: 1

                """),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\nX: y\r\n\r\n",
            "HTTP/1.1 20 OK\r\nX: y\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(300) + "\r\n\r\n");

    /** Limits that the samples go up to, and past. */
    static final Http1Limits LIMITS = Http1Limits.defaults().withHead(new Http1Limits.Head(64, 8, 256));

    private Samples() {}
}
