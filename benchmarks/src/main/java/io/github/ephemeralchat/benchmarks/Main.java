package io.github.ephemeralchat.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code benchmarks/run} starts. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Measures this project's servers, beside others and by themselves. Takes the machine for itself.",
        subcommands = {
            EndToEnd.class,
            Beside.class,
            SlowReaders.class,
            Churn.class,
            Storm.class,
            Soak.class,
            TomcatStress.class,
            Curves.class,
            Scale.class,
            Cluster.class,
            Profile.class
        })
public final class Main {

    private Main() {}

    /**
     * Runs one of the commands.
     *
     * @param args its name and its flags; none at all is {@code e2e}
     */
    public static void main(String[] args) {
        System.setProperty("jdk.httpclient.keepalive.timeout", "2");
        String[] wanted = args.length == 0 ? new String[] {"e2e"} : args;
        System.exit(new CommandLine(new Main()).execute(wanted));
    }
}
