package io.millrace.app.chaos;

import io.millrace.app.broker.DetouredBroker;
import org.junit.jupiter.api.AfterEach;

/** The broker of {@code demo} and {@code local}. */
class EmbeddedBadNetworkIT extends BadNetworkContract {

    private DetouredBroker broker;

    @Override
    int start(int advertisedPort) throws Exception {
        broker = DetouredBroker.start(folder.resolve("broker"), advertisedPort);
        return broker.port();
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
