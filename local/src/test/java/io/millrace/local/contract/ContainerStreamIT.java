package io.millrace.local.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.schemas.KafkaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import java.util.Map;

/** The contract on Apache Kafka's own image. Needs a container engine, and says so when there is none. */
@Tag("docker")
class ContainerStreamIT extends StreamContract {

    private KafkaContainer broker;

    @Override
    @SuppressWarnings("resource") // closed in stop()
    KafkaConnection broker() {
        boolean engine = DockerClientFactory.instance().isDockerAvailable();
        if (!engine) {
            System.out.println(
                    "SKIPPED: no container engine was found, so Apache Kafka's own image was not tested against.");
        }
        assumeTrue(engine, "no container engine was found");
        broker = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"))
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(16 << 20))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        broker.start();
        return new KafkaConnection(broker.getBootstrapServers(), Map.of());
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
