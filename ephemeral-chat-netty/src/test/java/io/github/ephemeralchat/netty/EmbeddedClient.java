package io.github.ephemeralchat.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** A connection without a socket, whose client takes what it is told to take. */
final class EmbeddedClient extends EmbeddedChannel implements DuplexChannel {

    static final String ENCODER = "encoder";

    private final Connection connection = new Connection(this, null);
    private long takes = Long.MAX_VALUE;
    private boolean outputEnded;

    EmbeddedClient(ApiDispatcher api) {
        RequestLimits limits = RequestLimits.USUAL;
        RequestDecoder decoder =
                new RequestDecoder(limits.maxHeaderBytes(), api.incoming().newShare());
        Connections connections = new Connections(ConnectionLimits.of(100));
        pipeline()
                .addLast(decoder)
                .addLast(ENCODER, new HttpResponseEncoder())
                .addLast(
                        new IdleCloser(limits.idle(), connection),
                        new RequestHandler(api, decoder, limits.complete(), connection, connections));
    }

    boolean hasUntaken() {
        return connection.hasUntaken();
    }

    EmbeddedClient send(String bytes) {
        writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        return this;
    }

    /** {@return all that was taken since the last call} */
    String taken() {
        StringBuilder taken = new StringBuilder();
        for (ByteBuf next = readOutbound(); next != null; next = readOutbound()) {
            taken.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
        }
        return taken.toString();
    }

    /** Takes so many bytes more, of what is sent already first. */
    EmbeddedClient take(long bytes) {
        takes = bytes;
        flush();
        return this;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        if (takes == Long.MAX_VALUE) {
            super.doWrite(out);
            return;
        }
        long left = takes;
        for (ByteBuf next = (ByteBuf) out.current(); next != null; next = (ByteBuf) out.current()) {
            int part = (int) Math.min(left, next.readableBytes());
            handleOutboundMessage(next.copy(next.readerIndex(), part));
            out.removeBytes(part);
            left -= part;
            if (part == 0 && left == 0) {
                break;
            }
        }
        takes = left;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return new InetSocketAddress("192.0.2.1", 1);
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputEnded;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputEnded = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdown() {
        return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return promise.setSuccess();
    }
}
