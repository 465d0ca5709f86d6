package io.millrace.app.broker;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * The address at which a killed broker spoke to itself, held until its successor serves.
 *
 * <p>A broker that was killed in the middle of a commit finishes it at its next start, by sending the markers to the leaders of
 * the partitions. The first address that it knows is that of its dead self. If nobody listens there it looks again for the
 * leader; in the moments in which the dead broker is fenced and the new one is not yet registered there is none, and Kafka 4.3
 * takes the partition for deleted: it calls the transaction complete, whose records nobody can ever read, nor any behind them.
 * If somebody listens and says nothing, it waits; and when this is closed it looks again, and finds the new broker.
 */
final class FormerPortGuard implements AutoCloseable {

    private static final String FILE = "inter-broker-ports";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int POLL_MS = 50;

    private final Path file;
    private final List<ServerSocket> sockets = new ArrayList<>();

    private FormerPortGuard(Path file) {
        this.file = file;
    }

    /** Holds what killed brokers have left in {@code directory}: several, if they were killed while they started. */
    static FormerPortGuard hold(Path directory) throws IOException {
        FormerPortGuard formerPorts = new FormerPortGuard(directory.resolve(FILE));
        if (Files.exists(formerPorts.file)) {
            for (String port : Files.readAllLines(formerPorts.file)) {
                formerPorts.hold(port);
            }
        }
        return formerPorts;
    }

    private void hold(String port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
            sockets.add(socket);
        } catch (IOException | IllegalArgumentException e) {
            // Another process has the port, or the kill came while the line was written.
            socket.close();
        }
    }

    /** Notes, before it starts, where the next broker speaks to itself. The dead ones count until it serves. */
    void remember(int port) throws IOException {
        Files.writeString(file, port + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The broker was closed, and has nothing to finish. */
    static void forget(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(FILE));
        } catch (IOException e) {
            // Then the next start only takes a moment longer.
        }
    }

    /**
     * Waits until every partition has a leader, if there is a dead broker at all.
     *
     * @param port where the broker that serves now speaks to itself: from now on the only one that counts
     */
    void awaitSuccessor(KafkaConnection kafka, int port) throws IOException {
        if (!sockets.isEmpty()) {
            awaitLeaders(kafka);
        }
        Files.writeString(file, port + "\n");
    }

    private static void awaitLeaders(KafkaConnection kafka) throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            while (!haveLeaders(admin)) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new IOException("after " + PATIENCE + " there are partitions without a leader");
                }
                Thread.sleep(POLL_MS);
            }
        } catch (ExecutionException e) {
            throw new IOException("cannot ask for the leaders of the partitions: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker started", e);
        }
    }

    private static boolean haveLeaders(Admin admin) throws InterruptedException, ExecutionException {
        Collection<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        for (TopicDescription topic :
                admin.describeTopics(topics).allTopicNames().get().values()) {
            if (topic.partitions().stream()
                    .anyMatch(partition ->
                            partition.leader() == null || partition.leader().isEmpty())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }
}
