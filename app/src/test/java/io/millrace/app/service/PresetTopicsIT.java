package io.millrace.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Topics that somebody has made before Millrace came, with whatever the cluster gives them. */
class PresetTopicsIT {

    private static final Pattern COMMAND = Pattern.compile("--entity-name (\\S+) --add-config (\\S+?)(;|$)");

    private static final Pattern SETTING = Pattern.compile("([^=,]+)=([^=,]+)");

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseTheDefaultsOfAClusterUntilTheCommandsThatItNamesHaveRun() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
                Admin admin = Admin.create(broker.connection().clientProperties())) {
            List<NewTopic> plain = Topics.ALL.stream()
                    .map(topic -> new NewTopic(topic.name(), Optional.empty(), Optional.empty()))
                    .toList();
            admin.createTopics(plain).all().get();

            // When
            List<String> commands = new ArrayList<>();
            assertThatThrownBy(() -> Topics.prepare(broker.connection(), admin))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("topics do not keep what must be kept: ")
                    .hasMessageContaining("kafka-configs.sh --bootstrap-server "
                            + broker.connection().bootstrapServers() + " --alter")
                    .satisfies(refusal -> {
                        for (Topic<?> topic : Topics.ALL) {
                            boolean named = refusal.getMessage().contains("topic " + topic.name() + ":");
                            assertThat(named)
                                    .as(topic.name())
                                    .isEqualTo(topic.keeps() == Topic.Keeps.EVERYTHING
                                            || topic.keeps() == Topic.Keeps.THE_NEWEST);
                        }
                        commands.add(refusal.getMessage());
                    });
            run(admin, commands.get(0));

            // Then, once the broker has heard of it
            await().ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .untilAsserted(() -> assertThat(Topics.prepare(broker.connection(), admin))
                            .isEmpty());
        }
    }

    /** As the tool would. */
    private static void run(Admin admin, String commands) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        Matcher command = COMMAND.matcher(commands);
        while (command.find()) {
            List<AlterConfigOp> operations = new ArrayList<>();
            Matcher setting = SETTING.matcher(command.group(2));
            while (setting.find()) {
                ConfigEntry entry = new ConfigEntry(setting.group(1), setting.group(2));
                operations.add(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
            }
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, command.group(1)), operations);
        }
        admin.incrementalAlterConfigs(changes).all().get();
    }
}
