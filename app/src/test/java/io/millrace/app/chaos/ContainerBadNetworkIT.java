package io.millrace.app.chaos;

import io.millrace.app.contract.ContainerBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** Apache Kafka's own image. Needs a container engine, and says so when there is none. */
@Tag("docker")
class ContainerBadNetworkIT extends BadNetworkContract {

    private ContainerBroker broker;

    @Override
    int start(int advertisedPort) {
        broker = ContainerBroker.startAdvertising(advertisedPort);
        return broker.port();
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
