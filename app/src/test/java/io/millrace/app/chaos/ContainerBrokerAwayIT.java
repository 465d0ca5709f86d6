package io.millrace.app.chaos;

import io.millrace.app.contract.ContainerBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/**
 * A broker in a container that answers nothing for a while, with its connections open, as one that is cut off. Needs a
 * container engine, and says so when there is none.
 */
@Tag("docker")
class ContainerBrokerAwayIT extends BrokerAwayContract {

    private ContainerBroker broker;

    @Override
    KafkaConnection start() {
        broker = ContainerBroker.start();
        return broker.connection();
    }

    @Override
    void goAway() {
        broker.pause();
    }

    @Override
    void comeBack() {
        broker.goOn();
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
