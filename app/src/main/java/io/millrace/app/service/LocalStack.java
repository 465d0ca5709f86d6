package io.millrace.app.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;

import java.nio.file.Path;

/** An embedded broker with its topics, and a configuration that points to it. The services are started separately. */
public final class LocalStack implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final MillraceConfig config;

    private LocalStack(EmbeddedBroker broker, MillraceConfig config) {
        this.broker = broker;
        this.config = config;
    }

    /**
     * Starts the broker and creates the topics that are missing.
     *
     * @param config of its {@code kafka} only the prefix is used
     * @param brokerDirectory where the broker keeps everything
     * @param port port of the broker on 127.0.0.1, 0 for any free one
     */
    public static LocalStack open(MillraceConfig config, Path brokerDirectory, int port) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(brokerDirectory, port);
        KafkaConnection kafka = broker.connection().withPrefix(config.kafka().prefix());
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
            return new LocalStack(broker, config.withKafka(kafka));
        } catch (InterruptedException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** The configuration, with this broker in it. */
    public MillraceConfig config() {
        return config;
    }

    /** Starts the services on this broker. Close them before this. */
    public LocalServices startServices(MeterRegistry metrics) {
        return startServices(metrics, ServiceListener.NONE);
    }

    /** The same; {@code listener} learns what they publish. */
    public LocalServices startServices(MeterRegistry metrics, ServiceListener listener) {
        return LocalServices.start(config, metrics, listener);
    }

    @Override
    public void close() {
        broker.close();
    }
}
