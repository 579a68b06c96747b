package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;

class NettyManyStreamsTest extends ManyStreamsContract {

    @Override
    Door open(EphemeralChatService service, ChatHttpSettings settings) {
        return Door.netty(service, settings, 1, Runnable::run);
    }
}
