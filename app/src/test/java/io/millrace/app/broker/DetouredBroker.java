package io.millrace.app.broker;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The embedded broker, but it sends its clients to another port than its own, where something in between listens. */
public final class DetouredBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final int port;

    private DetouredBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts one in an empty directory. */
    public static DetouredBroker start(Path directory, int advertisedPort) throws Exception {
        Path logDirectory = Files.createDirectories(directory.resolve("log"));
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerSettings.NODE_ID)
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .addDirectory(logDirectory.toString())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
        BrokerSettings.Ports ports = EmbeddedBroker.freePorts(0);
        Properties settings = BrokerSettings.of(logDirectory, ports);
        settings.put(
                "advertised.listeners",
                "BROKER://" + BrokerSettings.HOST + ":" + advertisedPort + ",INTERNAL://" + BrokerSettings.HOST + ":"
                        + ports.interBroker());
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        return new DetouredBroker(server, ports.clients());
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
