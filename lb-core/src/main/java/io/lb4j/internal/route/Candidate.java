package io.lb4j.internal.route;

import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.model.Route;
import java.util.Comparator;
import java.util.List;

/** A route as the router holds it: what there is to check once host and path fit. Immutable. */
final class Candidate<T> {
    private final Route route;
    private final T payload;
    private final int priority;
    private final int order;
    private final int pathLength;
    private final List<Method> methods;
    private final List<HeaderCondition> headers;
    private final List<QueryCondition> query;

    /**
     * Compiles a route.
     *
     * @param order its place in the declaration
     */
    Candidate(Route route, T payload, int order) {
        this.route = route;
        this.payload = payload;
        this.priority = route.priority();
        this.order = order;
        this.pathLength = route.path().segments().size();
        this.methods = route.methods();
        this.headers = route.headers().stream().map(HeaderCondition::new).toList();
        this.query = route.query().stream().map(QueryCondition::new).toList();
    }

    /** The order among routes that fit the same host and path: priority, then the number of conditions, then declaration. */
    static <T> Comparator<Candidate<T>> precedence() {
        return Comparator.<Candidate<T>>comparingInt(Candidate::priority)
                .thenComparingInt(Candidate::conditions)
                .reversed()
                .thenComparingInt(candidate -> candidate.order);
    }

    Route route() {
        return route;
    }

    T payload() {
        return payload;
    }

    int priority() {
        return priority;
    }

    /** Returns the number of the pattern's segments. */
    int pathLength() {
        return pathLength;
    }

    List<Method> methods() {
        return methods;
    }

    private int conditions() {
        return (methods.isEmpty() ? 0 : 1) + headers.size() + query.size();
    }

    boolean fits(RequestHead head) {
        return fitsMethod(head.method()) && fitsButForMethod(head);
    }

    private boolean fitsMethod(Method method) {
        if (methods.isEmpty()) {
            return true;
        }
        for (int i = 0; i < methods.size(); i++) {
            if (methods.get(i).equals(method)) {
                return true;
            }
        }
        return false;
    }

    boolean fitsButForMethod(RequestHead head) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).test(head.fields())) {
                return false;
            }
        }
        for (int i = 0; i < query.size(); i++) {
            if (!query.get(i).test(head.target())) {
                return false;
            }
        }
        return true;
    }
}
