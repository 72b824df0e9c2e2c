package io.lb4j.discovery.consul;

import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.kiwiproject.consul.util.failover.ConsulFailoverInterceptor;

/**
 * Breaks off an answer that is larger than it may be, as it is once it is unpacked: the client itself keeps whatever comes. The failover's is the one
 * place where the client takes an interceptor; there is no failover. Thread-safe.
 */
final class AnswerLimit extends ConsulFailoverInterceptor {
    private final long most;

    /** What is said of an answer that is too large. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLarge(long most) {
            super("the answer is larger than max_size, " + most + " octets");
        }
    }

    /**
     * Bounds answers.
     *
     * @param agent who is asked, whom the client does not take an interceptor without
     */
    AnswerLimit(URI agent, long most) {
        super(List.of(HostAndPort.fromString(agent.getAuthority())), 1);
        this.most = most;
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException if there is no answer: the client's interceptors declare no other
     */
    @Override
    public Response intercept(Chain chain) {
        try {
            Response response = chain.proceed(chain.request());
            ResponseBody body = response.body();
            Source counted = new Counted(body.source(), most);
            return response.newBuilder()
                    .body(ResponseBody.create(Okio.buffer(counted), body.contentType(), body.contentLength()))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body. Confined to the thread that reads it. */
    private static final class Counted extends ForwardingSource {
        private final long most;
        private long octets;

        Counted(Source body, long most) {
            super(body);
            this.most = most;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long read = super.read(sink, byteCount);
            octets += Math.max(0, read);
            if (octets > most) {
                throw new TooLarge(most);
            }
            return read;
        }
    }
}
