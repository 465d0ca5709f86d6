package io.millrace.app.broker;

import java.nio.file.Path;
import java.util.Properties;

/** The settings of a one-node broker on a laptop: loopback only, quick to start, small in memory. */
final class BrokerSettings {

    static final int NODE_ID = 1;
    static final String HOST = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** A record of 10 MB must reach ingest, which then says why it is refused. */
    private static final int MAX_RECORD_BYTES = 16 << 20;

    private static final String SESSION_TIMEOUT_MS = "10000";
    private static final String HEARTBEAT_INTERVAL_MS = "2000";

    private BrokerSettings() {}

    /**
     * Ports on {@value #HOST}.
     *
     * @param clients where clients connect
     * @param interBroker where the broker connects to itself
     * @param controller where it connects to its controller
     */
    record Ports(int clients, int interBroker, int controller) {}

    static Properties of(Path logDirectory, Ports ports) {
        Properties settings = new Properties();
        addNode(settings, logDirectory, ports);
        addInternalTopics(settings);
        addGroups(settings);
        addSizes(settings);
        return settings;
    }

    private static void addNode(Properties settings, Path logDirectory, Ports ports) {
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("log.dirs", logDirectory.toString());
        settings.put(
                "listeners",
                "BROKER://" + HOST + ":" + ports.clients() + ",INTERNAL://" + HOST + ":" + ports.interBroker() + ","
                        + CONTROLLER_LISTENER + "://" + HOST + ":" + ports.controller());
        settings.put(
                "listener.security.protocol.map",
                "BROKER:PLAINTEXT,INTERNAL:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", "INTERNAL");
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + ports.controller());
        settings.put("auto.create.topics.enable", "false");
        // After a kill a new start waits until the registration of the dead broker has ended.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        // Longer than any start, see FormerPortGuard.
        settings.put("request.timeout.ms", "300000");
    }

    private static void addInternalTopics(Properties settings) {
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "2");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "2");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // What has been consumed is remembered however long the laptop stays shut.
        settings.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
    }

    /** After a kill the members of the dead process hold their partitions until their session ends. */
    private static void addGroups(Properties settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        for (String protocol : new String[] {"consumer", "streams", "share"}) {
            String prefix = "group." + protocol + ".";
            settings.put(prefix + "min.session.timeout.ms", SESSION_TIMEOUT_MS);
            settings.put(prefix + "session.timeout.ms", SESSION_TIMEOUT_MS);
            settings.put(prefix + "min.heartbeat.interval.ms", HEARTBEAT_INTERVAL_MS);
            settings.put(prefix + "heartbeat.interval.ms", HEARTBEAT_INTERVAL_MS);
        }
    }

    private static void addSizes(Properties settings) {
        settings.put("message.max.bytes", Integer.toString(MAX_RECORD_BYTES));
        settings.put("log.segment.bytes", Integer.toString(128 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "2");
    }
}
