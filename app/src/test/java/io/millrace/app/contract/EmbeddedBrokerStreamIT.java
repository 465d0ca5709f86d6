package io.millrace.app.contract;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The contract on the broker that {@code demo} and {@code local} use. */
class EmbeddedBrokerStreamIT extends StreamContract {

    @TempDir
    Path brokerDirectory;

    private EmbeddedBroker broker;

    @Override
    KafkaConnection broker() {
        broker = EmbeddedBroker.start(brokerDirectory, 0);
        return broker.connection();
    }

    @AfterEach
    void stop() {
        broker.close();
    }
}
