package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder, without what it takes more loosely than RFC 9112 allows or than a proxy may read it: where two disagree
 * on where a request ends, a client smuggles one. A host may bring a Netty that is looser than ours; of all that decides
 * where a request ends only the lines between chunks are left to it.
 */
final class RequestDecoder extends HttpRequestDecoder {

    /** As RFC 9112 recommends at least. */
    private static final int MAX_LINE_BYTES = 8_000;

    /** Whether the next byte is the first one of a request. */
    private boolean between = true;

    private boolean failed;

    /** What this has read of a head, or of another line, that is not whole. */
    private long unfinished;

    private final ByteBudget.Share share;

    RequestDecoder(int maxHeaderBytes, ByteBudget.Share share) {
        super(new HttpDecoderConfig()
                .setStrictLineParsing(true)
                .setAllowDuplicateContentLengths(false)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(maxHeaderBytes));
        this.share = share;
    }

    /** {@return whether a part of a request has come, and not the whole} */
    boolean isWithinRequest() {
        return !between;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (between && !begins(in, out)) {
            return;
        }
        int before = out.size();
        int begin = in.readerIndex();
        super.decode(context, in, out);
        between = out.size() > before && out.get(out.size() - 1) instanceof LastHttpContent;
        unfinished = out.size() > before ? 0 : unfinished + in.readerIndex() - begin;
        if (!share.hold(unfinished + in.readableBytes())) {
            fail(in, out, HttpResponseStatus.SERVICE_UNAVAILABLE);
        }
    }

    /** Passes over empty lines before a request. Returns whether its first byte is there, and may be one. */
    private boolean begins(ByteBuf in, List<Object> out) {
        while (in.isReadable()) {
            int first = in.getByte(in.readerIndex());
            if (isTokenChar(first)) {
                return true;
            }
            if (first != '\r' || (in.readableBytes() > 1 && in.getByte(in.readerIndex() + 1) != '\n')) {
                fail(in, out, HttpResponseStatus.BAD_REQUEST);
                return false;
            }
            if (in.readableBytes() < 2) {
                return false;
            }
            in.skipBytes(2);
        }
        return false;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        super.handlerRemoved0(context);
        share.hold(0);
    }

    private void fail(ByteBuf in, List<Object> out, HttpResponseStatus status) {
        failed = true;
        between = false;
        in.skipBytes(in.readableBytes());
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request");
        request.setDecoderResult(DecoderResult.failure(new RefusedException(status)));
        out.add(request);
    }

    private static boolean isTokenChar(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** The first line has been read: a method, a target and a version. */
    @Override
    protected HttpMessage createMessage(String[] line) throws Exception {
        String version = line[2];
        if (!isToken(line[0]) || !isTarget(line[1])) {
            throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
        }
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            boolean known = version.matches("HTTP/[0-9]\\.[0-9]");
            throw new RefusedException(
                    known ? HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED : HttpResponseStatus.BAD_REQUEST);
        }
        return super.createMessage(line);
    }

    private static boolean isToken(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!isTokenChar(word.charAt(i))) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /** Printable, and without a fragment, which is a browser's alone. */
    private static boolean isTarget(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /** Netty takes the length away and goes by the chunks, and a proxy may go by the length. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new RefusedException(HttpResponseStatus.BAD_REQUEST);
    }
}
