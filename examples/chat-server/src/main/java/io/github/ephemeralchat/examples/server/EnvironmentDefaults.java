package io.github.ephemeralchat.examples.server;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes what the command line does not say from the environment: {@code --max-rooms} from {@code EPHEMERAL_CHAT_MAX_ROOMS}. */
final class EnvironmentDefaults implements IDefaultValueProvider {

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()
                ? environment.get(variable(option))
                : null;
    }

    static String variable(OptionSpec option) {
        return "EPHEMERAL_CHAT"
                + option.longestName().substring(1).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
