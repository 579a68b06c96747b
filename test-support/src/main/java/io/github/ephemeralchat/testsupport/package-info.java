/** What the tests of several modules share: server processes, proxies, clients and a browser. */
@NullMarked
package io.github.ephemeralchat.testsupport;

import org.jspecify.annotations.NullMarked;
