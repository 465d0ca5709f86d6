package io.millrace.app.contract;

import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The contract on Apache Kafka's own image. Needs a container engine, and says so when there is none. */
@Tag("docker")
class ContainerStreamIT extends StreamContract {

    private ContainerBroker broker;

    @Override
    KafkaConnection broker() {
        broker = ContainerBroker.start();
        return broker.connection();
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
