package io.millrace.app.chaos;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.AfterEach;

import java.util.List;

/** The embedded broker stops in good order, as at an upgrade, and starts again. */
class EmbeddedBrokerAwayIT extends BrokerAwayContract {

    private EmbeddedBroker broker;
    private int port;

    @Override
    KafkaConnection start() throws Exception {
        open();
        List<String> hostAndPort =
                List.of(broker.connection().bootstrapServers().split(":"));
        port = Integer.parseInt(hostAndPort.get(hostAndPort.size() - 1));
        return broker.connection();
    }

    @Override
    void goAway() {
        broker.close();
    }

    @Override
    void comeBack() throws Exception {
        open();
    }

    private void open() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), port);
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
