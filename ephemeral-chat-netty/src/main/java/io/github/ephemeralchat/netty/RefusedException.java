package io.github.ephemeralchat.netty;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that breaks a rule of HTTP. It has no stack trace: clients cause it, and only its status is looked at. */
final class RefusedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    final transient HttpResponseStatus status;

    RefusedException(HttpResponseStatus status) {
        super(status.reasonPhrase());
        this.status = status;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
