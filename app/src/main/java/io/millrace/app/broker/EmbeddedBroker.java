package io.millrace.app.broker;

import io.millrace.schemas.kafka.KafkaConnection;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A real Kafka broker and KRaft controller in this process, on the loopback interface. Its directory holds the whole
 * cluster: a broker started on it again resumes where the last one was closed or killed.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final int FIRST_PORT = 20_000;
    private static final int FIRST_OUTGOING_PORT = 32_768;
    private static final int ATTEMPTS = 100;
    private static final String LOG = "log";
    private static final String META_PROPERTIES = "meta.properties";

    private final DirectoryLock lock;
    private final Path directory;
    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(DirectoryLock lock, Path directory, KafkaRaftServer server, int port) {
        this.lock = lock;
        this.directory = directory;
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it serves.
     *
     * @param directory where it keeps everything; formatted if it is new
     * @param port port on 127.0.0.1, or 0 for any free one
     */
    public static EmbeddedBroker start(Path directory, int port) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            DirectoryLock lock = DirectoryLock.acquire(absolute);
            try {
                formatIfNew(absolute.resolve(LOG));
                return start(lock, absolute, port);
            } catch (Exception e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot start a broker in " + absolute + ": " + e.getMessage(), e);
        }
    }

    /** How clients reach it. */
    public KafkaConnection connection() {
        return new KafkaConnection(BrokerSettings.HOST + ":" + port, Map.of());
    }

    /** Stops serving. Acknowledged records stay in the directory. */
    @Override
    public void close() {
        try (lock) {
            server.shutdown();
            server.awaitShutdown();
            FormerPortGuard.forget(directory);
        }
    }

    private static EmbeddedBroker start(DirectoryLock lock, Path directory, int port) throws IOException {
        try (FormerPortGuard formerPorts = FormerPortGuard.hold(directory)) {
            BrokerSettings.Ports ports = freePorts(port);
            formerPorts.remember(ports.interBroker());
            KafkaConfig config = new KafkaConfig(BrokerSettings.of(directory.resolve(LOG), ports));
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            EmbeddedBroker broker = new EmbeddedBroker(lock, directory, server, ports.clients());
            try {
                server.startup();
                formerPorts.awaitSuccessor(broker.connection(), ports.interBroker());
                return broker;
            } catch (Exception e) {
                // Scala declares no checked exceptions, but throws them.
                server.shutdown();
                throw e;
            }
        }
    }

    /** All are held until all are known, so that they differ. */
    static BrokerSettings.Ports freePorts(int port) throws IOException {
        try (ServerSocket clients = port == 0 ? bindAnywhere() : bind(port);
                ServerSocket interBroker = bindAnywhere();
                ServerSocket controller = bindAnywhere()) {
            return new BrokerSettings.Ports(
                    clients.getLocalPort(), interBroker.getLocalPort(), controller.getLocalPort());
        }
    }

    private static void formatIfNew(Path logDirectory) throws IOException {
        if (Files.exists(logDirectory.resolve(META_PROPERTIES))) {
            return;
        }
        Files.createDirectories(logDirectory);
        Formatter formatter = new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerSettings.NODE_ID)
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .addDirectory(logDirectory.toString())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IOException("cannot format " + logDirectory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Binds a free port below those that systems give to outgoing connections. Kafka binds it only later, and until then any connection
     * of the machine could take a port of that range.
     */
    private static ServerSocket bindAnywhere() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, FIRST_OUTGOING_PORT);
            try {
                return bind(port);
            } catch (IOException taken) {
                // The next draw is another port.
            }
        }
        return bind(0);
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "port " + port + " on " + BrokerSettings.HOST + " is not free (" + e.getMessage()
                            + "). Choose another with --port.",
                    e);
        }
    }
}
