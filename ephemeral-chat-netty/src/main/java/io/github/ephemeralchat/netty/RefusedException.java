package io.github.ephemeralchat.netty;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

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

    /**
     * The status to respond with to what a decoder could not decode.
     *
     * @param firstLine whether that may have been a request's first line
     */
    static HttpResponseStatus status(Throwable cause, boolean firstLine) {
        if (cause instanceof RefusedException refused) {
            return refused.status;
        }
        if (cause instanceof TooLongHttpLineException && firstLine) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }
}
