package io.github.ephemeralchat.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the head of a request has to be, beyond what a decoder checks line by line. */
final class RequestHead {

    private static final String DIGITS = "0123456789";
    private static final String ADDRESS_CHARACTERS = DIGITS + "abcdefABCDEF:.";
    private static final String NAME_CHARACTERS =
            DIGITS + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._~%!$&'()*+,;=-";

    private static final Pattern URL = Pattern.compile("(?i)https?://([^/?]+)(.*)");

    private RequestHead() {}

    /**
     * Checks a head, and makes a target that names a host one that is a path.
     *
     * @throws RefusedException with the status to respond with
     */
    static void check(HttpRequest request) {
        boolean newest = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            checkTransferEncoding(headers, newest);
        }
        checkSocketKeys(headers);
        checkTarget(request, host(headers, newest));
        if (newest && headers.contains(HttpHeaderNames.EXPECT)) {
            checkExpectation(headers);
        }
        if (BodyBuffer.isTooLong(request)) {
            throw new RefusedException(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        }
    }

    /** One word is taken, once. Whatever else is there, somebody on the way may read it in another way. */
    private static void checkTransferEncoding(HttpHeaders headers, boolean newest) {
        List<String> values = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        String last = values.get(values.size() - 1);
        boolean alone = values.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(last);
        if (!newest || !alone || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            // 501 where only the other codings are not known, 400 where the end of the body is not.
            boolean known = newest && last.matches("(?i).*,[ \\t]*chunked");
            throw new RefusedException(known ? HttpResponseStatus.NOT_IMPLEMENTED : HttpResponseStatus.BAD_REQUEST);
        }
    }

    /** Netty takes eight bytes after such a head for its body, as a draft of WebSocket had it, and nobody else does. */
    private static void checkSocketKeys(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
    }

    /** The host that the client names; empty if it names none, as an old one may. */
    private static String host(HttpHeaders headers, boolean newest) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (newest && hosts.isEmpty())) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
        String host = hosts.isEmpty() ? "" : hosts.get(0);
        if (!isAuthority(host)) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
        return host;
    }

    /** A name or an address in brackets, then a port if there is a colon. */
    private static boolean isAuthority(String host) {
        int colon = host.indexOf(':', Math.max(0, host.indexOf(']')));
        int end = colon < 0 ? host.length() : colon;
        boolean named = host.startsWith("[")
                ? end > 2 && host.charAt(end - 1) == ']' && hasOnly(host, 1, end - 1, ADDRESS_CHARACTERS)
                : hasOnly(host, 0, end, NAME_CHARACTERS);
        return named && hasOnly(host, end + 1, host.length(), DIGITS);
    }

    private static boolean hasOnly(String text, int from, int to, String allowed) {
        for (int i = from; i < to; i++) {
            if (allowed.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A path, or what is sent to a proxy: a URL of this host. Of another one this server knows nothing. */
    private static void checkTarget(HttpRequest request, String host) {
        String target = request.uri();
        if (target.startsWith("/") || (target.equals("*") && request.method().equals(HttpMethod.OPTIONS))) {
            return;
        }
        Matcher url = URL.matcher(target);
        if (!url.matches() || !url.group(1).equalsIgnoreCase(host)) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
        String rest = url.group(2);
        request.setUri(rest.startsWith("/") ? rest : "/" + rest);
    }

    private static void checkExpectation(HttpHeaders headers) {
        for (String expected : headers.getAll(HttpHeaderNames.EXPECT)) {
            if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
                throw new RefusedException(HttpResponseStatus.EXPECTATION_FAILED);
            }
        }
    }
}
