package io.lb4j.internal.control;

import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.route.PathNormalizer;
import io.lb4j.internal.route.PathRewriter;
import io.lb4j.internal.route.RedirectLocation;
import io.lb4j.internal.snapshot.RouteAction;
import io.lb4j.model.DirectResponse;
import io.lb4j.model.PathPolicy;
import io.lb4j.model.Redirect;
import io.lb4j.model.Rewrite;
import io.lb4j.model.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Makes of what a route's configuration says what its exchanges do. */
final class RouteActions {
    private static final PathNormalizer NORMALIZER = new PathNormalizer(PathPolicy.defaults());

    private RouteActions() {}

    static RouteAction of(Route route) {
        io.lb4j.model.RouteAction asked = route.action();
        if (asked instanceof io.lb4j.model.RouteAction.Forward forward) {
            return new RouteAction.Forward(
                    choice(forward.weights()),
                    forward.subset().orElse(null),
                    rewrite(route),
                    route.rewrite().usesEndpointHost());
        }
        if (asked instanceof io.lb4j.model.RouteAction.RedirectTo to) {
            return redirect(to.redirect(), route);
        }
        if (asked instanceof io.lb4j.model.RouteAction.Respond respond) {
            return respond(respond.response());
        }
        throw new IllegalStateException("route " + route.name() + ": an action of an unknown kind");
    }

    private static RouteAction.ClusterChoice choice(Map<String, Integer> weights) {
        List<String> names = new ArrayList<>(weights.keySet());
        if (names.size() == 1) {
            String only = names.get(0);
            return () -> only;
        }
        int[] upTo = new int[names.size()];
        int sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += weights.getOrDefault(names.get(i), 0);
            upTo[i] = sum;
        }
        int total = sum;
        return () -> {
            int drawn = ThreadLocalRandom.current().nextInt(total);
            int index = 0;
            while (drawn >= upTo[index]) {
                index++;
            }
            return names.get(index);
        };
    }

    private static RouteAction.HeadRewrite rewrite(Route route) {
        Rewrite asked = route.rewrite();
        PathRewriter paths = new PathRewriter(asked, route.path(), NORMALIZER);
        Optional<String> host = asked.host();
        if (paths.isIdentity() && host.isEmpty()) {
            return head -> {};
        }
        return head -> {
            if (!paths.isIdentity()) {
                head.target(paths.rewrite(head.target()));
            }
            host.ifPresent(head::authority);
        };
    }

    private static RouteAction redirect(Redirect redirect, Route route) {
        RedirectLocation location = new RedirectLocation(redirect, route.path());
        return new RouteAction.Answer((RequestHead request, ResponseHead response) -> {
            response.status(redirect.status()).fields().add(FieldName.LOCATION, location.locate(request));
            response.fields().add(FieldName.CONTENT_LENGTH, "0");
            return Unpooled.EMPTY_BUFFER;
        });
    }

    private static RouteAction respond(DirectResponse asked) {
        byte[] body = asked.body().getBytes(StandardCharsets.UTF_8);
        ByteBuf content = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(body));
        return new RouteAction.Answer((RequestHead request, ResponseHead response) -> {
            response.status(asked.status());
            if (body.length > 0) {
                response.fields().add(FieldName.CONTENT_TYPE, asked.contentType());
                response.fields().add(FieldName.CONTENT_LENGTH, Integer.toString(body.length));
            }
            asked.fields().forEach((name, value) -> response.fields().set(name, value));
            return content.duplicate();
        });
    }
}
