package io.github.ephemeralchat.examples.server;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The server with every logger at its finest level, the libraries' as well. The first argument is the file, the second a text
 * that it logs, to be found there.
 */
final class LoudServer {

    private LoudServer() {}

    public static void main(String[] args) throws IOException {
        LogManager.getLogManager().reset();
        Handler file = new FileHandler(args[0]);
        file.setLevel(Level.ALL);
        file.setFormatter(new SimpleFormatter());
        Logger root = Logger.getLogger("");
        root.setLevel(Level.ALL);
        root.addHandler(file);
        Logger.getLogger(LoudServer.class.getName()).finest(args[1]);
        String[] flags = Arrays.copyOfRange(args, 2, args.length);
        Main.commandLine(Map.of(), (options, backend, out) -> Main.serve(options, backend.open(), out))
                .execute(flags);
    }
}
