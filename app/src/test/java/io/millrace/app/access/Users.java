package io.millrace.app.access;

import io.millrace.app.broker.SecuredBroker;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Users of a secured broker, each with a configuration file. His password stands in another one.
 *
 * @param folder where the files are
 * @param broker whose users they are
 * @param prefix of the names on it
 */
record Users(Path folder, SecuredBroker broker, String prefix) {

    static final String TASK = "sentiment";
    static final String EARLY = "negative";
    static final String LATE = "positive";

    /** Makes a user whose broker asks for {@code password}, and gives his configuration file. */
    Path add(String user, String password, List<AccessRight> rights) throws Exception {
        broker.addUser(user, password, rights);
        return config(user, password);
    }

    /** The configuration file of a user who gives this password. */
    Path config(String user, String password) throws IOException {
        Path secret = Files.writeString(folder.resolve(user + ".secret"), "password=" + password + "\n");
        KafkaConnection kafka = broker.connection(user, "${file:" + secret + ":password}");
        return write(user, kafka.withPrefix(prefix));
    }

    /** A configuration file with this connection. */
    Path write(String user, KafkaConnection kafka) throws IOException {
        return write(user, "kafka: " + Json.write(kafka));
    }

    /** A configuration file with this text on the connection. */
    Path write(String user, String kafka) throws IOException {
        Path encoder =
                Path.of(System.getProperty("millrace.root"), "app/src/main/resources/io/millrace/app/demo/encoder");
        String rest =
                """

                metrics: {port: 0}
                tasks:
                  %s:
                    labels: [%s, %s]
                    training:
                      encoder: %s
                      compute: {device: cpu, precision: f32}
                      optimizer: {learningRate: 1e-3, schedule: {warmupSteps: 0}}
                      batching: {batchSize: 8, maxTokens: 16, unlabelledShare: 0.5}
                      checkpoints: {everySteps: 3}
                      drift: {window: 16, margin: 0.5, detector: fall-below-best}
                    evaluation:
                      compute: {device: cpu, precision: f32}
                """
                        .formatted(TASK, EARLY, LATE, encoder);
        return Files.writeString(folder.resolve(user + ".yaml"), kafka + rest);
    }
}
