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

    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~%!$&'()*+,;=-]*)(:[0-9]*)?");

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
        checkTarget(request, host(headers, newest));
        if (newest && headers.contains(HttpHeaderNames.EXPECT)) {
            checkExpectation(headers);
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

    /** The host that the client names; empty if it names none, as an old one may. */
    private static String host(HttpHeaders headers, boolean newest) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (newest && hosts.isEmpty())) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
        String host = hosts.isEmpty() ? "" : hosts.get(0);
        if (!AUTHORITY.matcher(host).matches()) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
        return host;
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
