package io.github.ephemeralchat.examples.server;

import java.io.IOException;
import java.util.Collections;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The server with every logger at its finest level, the libraries' as well. The first argument is the file. */
final class LoudServer {

    private LoudServer() {}

    public static void main(String[] args) throws IOException {
        Handler file = new FileHandler(args[0]);
        file.setLevel(Level.ALL);
        file.setFormatter(new SimpleFormatter());
        String[] flags = new String[args.length - 1];
        System.arraycopy(args, 1, flags, 0, flags.length);
        Main.main(flags);
        LogManager loggers = LogManager.getLogManager();
        for (String name : Collections.list(loggers.getLoggerNames())) {
            Logger logger = loggers.getLogger(name);
            if (logger != null && !name.isEmpty()) {
                logger.setLevel(null);
            }
        }
        Logger root = Logger.getLogger("");
        root.setLevel(Level.ALL);
        root.addHandler(file);
    }
}
