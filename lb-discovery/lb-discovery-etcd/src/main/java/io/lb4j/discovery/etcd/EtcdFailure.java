package io.lb4j.discovery.etcd;

import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What etcd, or the way there, said in place of an answer. Immutable.
 *
 * @param code gRPC's
 * @param text what was said, the innermost reason last
 */
record EtcdFailure(Status.Code code, String text) {
    private static final int MAX_CAUSES = 10;

    static EtcdFailure of(@Nullable Throwable cause) {
        Status.Code code = cause instanceof EtcdException known
                ? codeOf(known.getErrorCode())
                : Status.fromThrowable(cause == null ? new IllegalStateException("ended") : cause)
                        .getCode();
        return new EtcdFailure(code, textOf(cause));
    }

    private static Status.Code codeOf(ErrorCode known) {
        return Status.Code.valueOf(known.name());
    }

    private static String textOf(@Nullable Throwable cause) {
        StringBuilder text = new StringBuilder();
        Throwable current = cause;
        for (int i = 0; current != null && i < MAX_CAUSES; i++) {
            String message = current.getMessage();
            if (message != null && text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
            current = current.getCause();
        }
        return text.isEmpty() ? String.valueOf(cause) : text.toString();
    }

    /** Returns whether the servers could not be reached, or do not work. */
    boolean isOutage() {
        return code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED;
    }

    /** Returns whether what was asked for is not there. */
    boolean isNotFound() {
        return code == Status.Code.NOT_FOUND;
    }

    /** Returns what to tell, with what to do about it where that is known. */
    String message(String what, String user) {
        if (text.contains("permission denied")) {
            return "user \"" + user + "\" may not " + what
                    + " (expected: a role that may; etcdctl role grant-permission)";
        }
        if (text.contains("authentication failed")) {
            return "the password of user \"" + user + "\" is wrong, or there is no such user";
        }
        if (text.contains("user name is empty")) {
            return "authentication is on (expected: user and password)";
        }
        if (text.contains("authentication is not enabled")) {
            return "authentication is off there (expected: no user, or etcdctl auth enable)";
        }
        return "cannot " + what + ": " + text;
    }
}
