package io.lb4j.plugins.auth;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Identity;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in whoever has a password. Hashing, which takes long on purpose, happens on a thread of the plugin's own. Thread-safe. */
final class BasicAuthPlugin extends BuiltIn {
    private static final Logger LOGGER = LoggerFactory.getLogger(BasicAuthPlugin.class);
    private static final int PRIORITY = 500;
    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;
    private static final int LOOK_SECONDS = 2;

    private final Settings settings;
    private final Remembered remembered;
    private final IdentityField identity;
    private final boolean required;
    private final boolean forwards;
    private final Fields challenge = new Fields();
    private final Fields later = new Fields();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile Passwords passwords;
    private volatile @Nullable ScheduledExecutorService worker; // written at the start
    private @Nullable FileTime readTime; // confined to the worker, after the start

    BasicAuthPlugin(Settings settings) {
        super(BasicAuthOptions.SECTION);
        this.settings = settings;
        remembered = new Remembered(settings.value(BasicAuthOptions.REMEMBER), System::nanoTime);
        identity = new IdentityField(settings.value(IdentityField.OPTION));
        required = settings.value(AuthOptions.REQUIRED);
        forwards = settings.value(BasicAuthOptions.FORWARD);
        passwords = new Passwords(settings.find(BasicAuthOptions.USERS).orElse(Map.of()));
        String realm =
                settings.value(BasicAuthOptions.REALM).replace("\\", "\\\\").replace("\"", "\\\"");
        challenge.add("www-authenticate", "Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
        later.add(FieldName.RETRY_AFTER, "1");
    }

    @Override
    protected void begin(PluginContext context) {
        ScheduledExecutorService own = context.scheduler();
        worker = own;
        Optional<Path> file = settings.find(BasicAuthOptions.HTPASSWD);
        if (file.isPresent()) {
            try {
                read(file.get());
            } catch (IOException e) {
                throw new IllegalArgumentException("htpasswd: " + e.getMessage(), e);
            }
            own.scheduleWithFixedDelay(() -> look(file.get()), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void read(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Passwords of = new Passwords(settings.find(BasicAuthOptions.USERS).orElse(Map.of())).and(file);
        passwords = of;
        remembered.clear();
        readTime = time;
    }

    /** Reads the file again if it has changed; one that is broken leaves the users as they are. */
    private void look(Path file) {
        try {
            if (!Files.getLastModifiedTime(file).equals(readTime)) {
                read(file);
                LOGGER.info("passwords are read again from {}", file);
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.warn("passwords stay as they are: {}", e.getMessage());
        }
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return new Check();
    }

    /** One request's. Confined to the exchange's event loop, but for the worker's look at whether it has ended. */
    private final class Check implements Filter {
        private volatile boolean ended;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            identity.forget(exchange);
            if (exchange.attribute(Identity.KEY).isPresent()) {
                if (!forwards) {
                    Credentials.removeFrom(head.fields());
                }
                return Verdict.CONTINUE;
            }
            Optional<Credentials> shown = Credentials.in(head.fields());
            if (shown.isEmpty()) {
                if (required || Credentials.areIn(head.fields())) {
                    Refusal.send(exchange, UNAUTHORIZED, challenge);
                }
                return Verdict.CONTINUE;
            }
            Credentials credentials = shown.get();
            if (remembered.knows(credentials.user(), credentials.password())) {
                letIn(exchange, credentials.user());
                return Verdict.CONTINUE;
            }
            return ask(exchange, credentials);
        }

        private Verdict ask(FilterExchange exchange, Credentials credentials) {
            ScheduledExecutorService own = worker;
            if (own == null || pending.incrementAndGet() > settings.value(BasicAuthOptions.MAX_PENDING)) {
                pending.decrementAndGet();
                Refusal.send(exchange, UNAVAILABLE, later);
                return Verdict.CONTINUE;
            }
            own.execute(() -> {
                pending.decrementAndGet();
                if (!ended) {
                    boolean right = passwords.isRight(credentials.user(), credentials.password());
                    if (right) {
                        remembered.add(credentials.user(), credentials.password());
                    }
                    answer(exchange, credentials.user(), right);
                }
            });
            return Verdict.PAUSE;
        }

        private void answer(FilterExchange exchange, String user, boolean right) {
            try {
                exchange.eventLoop().execute(() -> decide(exchange, user, right));
            } catch (RejectedExecutionException e) {
                LOGGER.debug("the loop has ended, and the exchange with it", e);
            }
        }

        private void decide(FilterExchange exchange, String user, boolean right) {
            if (ended) {
                return;
            }
            if (right) {
                letIn(exchange, user);
                exchange.resumeRequest();
            } else {
                Refusal.send(exchange, UNAUTHORIZED, challenge);
            }
        }

        private void letIn(FilterExchange exchange, String user) {
            if (!forwards) {
                exchange.request().fields().remove(FieldName.AUTHORIZATION);
            }
            identity.tell(exchange, Identity.of(user, "basic"));
        }

        @Override
        public Verdict onRequestTrailers(FilterExchange exchange, Fields trailers) {
            identity.removeFrom(trailers);
            return Verdict.CONTINUE;
        }

        @Override
        public void onEnd(FilterExchange exchange) {
            ended = true;
        }
    }
}
