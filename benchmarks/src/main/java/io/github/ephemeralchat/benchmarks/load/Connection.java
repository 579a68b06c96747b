package io.github.ephemeralchat.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A client's connection, which writes requests and reads answers. Belongs to the loop's thread. */
abstract class Connection implements ResponseReader.Handler {

    final LoadLoop loop;
    private final SocketAddress server;
    private final int receiveBuffer;
    private ResponseReader reader = new ResponseReader(this);
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer pending;

    /** A receive buffer of 0 bytes is the system's own choice. */
    Connection(LoadLoop loop, SocketAddress server, int receiveBuffer) {
        this.loop = loop;
        this.server = server;
        this.receiveBuffer = receiveBuffer;
    }

    final boolean isOpen() {
        return channel != null;
    }

    /** Sends a request, over a new connection where there is none. */
    final void send(byte[] request) {
        pending = ByteBuffer.wrap(request);
        try {
            if (channel == null) {
                connect();
            } else {
                flush();
            }
        } catch (IOException e) {
            lost(e);
        }
    }

    private void connect() throws IOException {
        reader = new ResponseReader(this);
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (receiveBuffer > 0) {
            opened.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        boolean connected = opened.connect(server);
        key = opened.register(loop.selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        if (connected) {
            flush();
        }
    }

    private void flush() throws IOException {
        ByteBuffer request = pending;
        if (request == null || channel == null || key == null || !channel.isConnected()) {
            return;
        }
        channel.write(request);
        pending = request.hasRemaining() ? request : null;
        key.interestOps(pending == null ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    final void ready(SelectionKey selected) {
        try {
            if (selected.isConnectable() && channel != null) {
                channel.finishConnect();
                flush();
            } else if (selected.isWritable()) {
                flush();
            }
            if (selected.isValid() && selected.isReadable()) {
                read();
            }
        } catch (IOException e) {
            lost(e);
        }
    }

    private void read() throws IOException {
        loop.in.clear();
        int length = channel == null ? 0 : channel.read(loop.in);
        if (length < 0) {
            throw new EOFException("closed by the server");
        }
        loop.readNanos = System.nanoTime();
        loop.in.flip().get(loop.bytes, 0, length);
        reader.read(loop.bytes, length);
    }

    /** Reads no more, and keeps the connection. */
    final void stopReading() {
        if (key != null) {
            key.interestOps(0);
        }
    }

    final void close() {
        SocketChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            loop.fail("a connection does not close: " + e.getMessage());
        }
    }

    private void lost(IOException why) {
        if (isOpen()) {
            close();
            closedByServer(why);
        }
    }

    /** The port of our end; 0 where it is closed. */
    final int localPort() {
        return channel == null ? 0 : channel.socket().getLocalPort();
    }

    /** How this connection's end can be brought about otherwise than by {@link #close}. */
    final @Nullable SocketChannel channel() {
        return channel;
    }

    abstract void closedByServer(IOException why);
}
