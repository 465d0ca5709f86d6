package io.millrace.app.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.schemas.kafka.KafkaConnection;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import java.util.Map;

/** Apache Kafka's own image. */
public final class ContainerBroker implements AutoCloseable {

    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    /** Starts one; where there is no container engine, says so and leaves the test out. */
    @SuppressWarnings("resource") // close() closes it
    public static ContainerBroker start() {
        boolean engine = DockerClientFactory.instance().isDockerAvailable();
        if (!engine) {
            System.out.println(
                    "SKIPPED: no container engine was found, so Apache Kafka's own image was not tested against.");
        }
        assumeTrue(engine, "no container engine was found");
        KafkaContainer container = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"))
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(16 << 20))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        container.start();
        return new ContainerBroker(container);
    }

    public KafkaConnection connection() {
        return new KafkaConnection(container.getBootstrapServers(), Map.of());
    }

    /** Freezes it, with its connections open. */
    public void pause() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** Thaws it. */
    public void goOn() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void close() {
        container.close();
    }
}
