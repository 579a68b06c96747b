package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.model.Identity;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the host is asked about a request. */
record RequestHooks(
        Function<? super HttpRequest, Optional<Identity>> identity,
        Predicate<? super HttpRequest> mayCreate,
        Function<? super HttpRequest, @Nullable String> clientAddress,
        Function<? super HttpRequest, ? extends FullHttpResponse> otherwise) {}
