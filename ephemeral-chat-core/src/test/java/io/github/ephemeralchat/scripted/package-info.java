/** A store, a broadcaster, executors and a clock that a test steers. Nothing in here sleeps or starts a thread. */
package io.github.ephemeralchat.scripted;
