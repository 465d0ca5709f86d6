package io.millrace.app.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.schemas.kafka.KafkaConnection;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import java.util.Map;

/** Apache Kafka's own image. */
public final class ContainerBroker implements AutoCloseable {

    private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.3.1");
    private static final int CLIENT_PORT = 9092;
    private static final String MAX_RECORD_BYTES = Integer.toString(16 << 20);

    private final GenericContainer<?> container;

    private ContainerBroker(GenericContainer<?> container) {
        this.container = container;
    }

    /** Starts one; where there is no container engine, says so and leaves the test out. */
    @SuppressWarnings("resource") // close() closes it
    public static ContainerBroker start() {
        assumeEngine();
        KafkaContainer container = new KafkaContainer(IMAGE)
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", MAX_RECORD_BYTES)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        container.start();
        return new ContainerBroker(container);
    }

    /** Starts one that tells its clients to connect to this port of 127.0.0.1, where something in between listens. */
    @SuppressWarnings("resource") // close() closes it
    public static ContainerBroker startAdvertising(int port) {
        assumeEngine();
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withExposedPorts(CLIENT_PORT)
                .withEnv(Map.ofEntries(
                        Map.entry("KAFKA_NODE_ID", "1"),
                        Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
                        Map.entry("KAFKA_LISTENERS", "INNER://:19092,OUTER://:" + CLIENT_PORT + ",CONTROLLER://:9093"),
                        Map.entry("KAFKA_ADVERTISED_LISTENERS", "INNER://localhost:19092,OUTER://127.0.0.1:" + port),
                        Map.entry(
                                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                                "INNER:PLAINTEXT,OUTER:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                        Map.entry("KAFKA_INTER_BROKER_LISTENER_NAME", "INNER"),
                        Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
                        Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
                        Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
                        Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
                        Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
                        Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
                        Map.entry("KAFKA_MESSAGE_MAX_BYTES", MAX_RECORD_BYTES),
                        Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")));
        container.start();
        return new ContainerBroker(container);
    }

    private static void assumeEngine() {
        boolean engine = DockerClientFactory.instance().isDockerAvailable();
        if (!engine) {
            System.out.println(
                    "SKIPPED: no container engine was found, so Apache Kafka's own image was not tested against.");
        }
        assumeTrue(engine, "no container engine was found");
    }

    public KafkaConnection connection() {
        return new KafkaConnection("127.0.0.1:" + port(), Map.of());
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return container.getMappedPort(CLIENT_PORT);
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
