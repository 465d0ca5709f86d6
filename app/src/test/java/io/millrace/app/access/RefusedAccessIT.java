package io.millrace.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.MillraceMain;
import io.millrace.app.broker.BrokerCertificate;
import io.millrace.app.broker.SecuredBroker;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a command says when the broker does not let it in, or does not let it do something. */
@Timeout(120)
class RefusedAccessIT {

    private static final String PASSWORD = "open-sesame";

    @TempDir
    private static Path folder;

    private static SecuredBroker broker;
    private static Users users;
    private static Path examples;

    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startBroker() throws Exception {
        broker = SecuredBroker.start(folder.resolve("broker"));
        users = new Users(folder, broker, "");
        examples = Files.writeString(
                folder.resolve("examples.jsonl"), "{\"id\": \"1\", \"text\": \"a text\", \"label\": \"negative\"}\n");
        try (Admin admin = Admin.create(broker.connection().clientProperties())) {
            Topics.createMissing(broker.connection(), admin);
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    produce   | examples            | WRITE | WRITE on topic examples
                    trainer   | millrace-trainer    | READ  | READ on group millrace-trainer
                    trainer   | millrace-trainer-   | WRITE | WRITE on every transactional id millrace-trainer-*
                    evaluator | millrace-evaluator- | WRITE | WRITE on every transactional id millrace-evaluator-*
                    ingest    | millrace-ingest     | READ  | READ on group millrace-ingest
                    """)
    void shouldNameTheRightThatIsMissing(String command, String resource, AclOperation operation, String right)
            throws Exception {
        // Given
        List<AccessRight> fewer = AccessRights.byCommand(broker.connection()).get(command).stream()
                .map(one -> one.resource().name().equals(resource) ? without(operation, one) : one)
                .toList();
        Path config = users.add(command + "-without-" + resource, PASSWORD, fewer);

        // When
        int exitCode = command.equals("produce")
                ? run("produce", examples.toString(), "--task", Users.TASK, "--config", config.toString())
                : run(command, "--config", config.toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("millrace: ")
                .endsWith(" The user of " + command + " needs " + right + "; docs/security.md lists all its rights.\n");
    }

    @Test
    void shouldRefuseAWrongPasswordWithoutShowingIt() throws Exception {
        // Given
        users.add("forgetful", "another-password", List.of());
        Path config = users.config("forgetful", PASSWORD);
        Path logged = folder.resolve("logged.txt");
        Path printed = folder.resolve("printed.txt");

        // When
        int exitCode;
        try (LogCapture capture = LogCapture.start(logged, printed)) {
            exitCode = run("trainer", "--config", config.toString(), "--verbose");
        }

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("millrace: cannot create topics: Authentication failed during authentication due to invalid"
                        + " credentials with SASL mechanism SCRAM-SHA-512.")
                .contains(". Check the user and the password in kafka.properties.\n", "\tat io.millrace");
        assertThat(List.of(err.toString(), Files.readString(logged), Files.readString(printed)))
                .noneMatch(text -> text.contains(PASSWORD));
    }

    @Test
    void shouldRefuseABrokerWhoseCertificateItDoesNotTrust() throws Exception {
        // Given
        BrokerCertificate another = BrokerCertificate.make(folder.resolve("another"));

        // When
        int exitCode = produceTrusting(another.trusted());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .endsWith("The broker's certificate must be trusted and name its host."
                        + " Check ssl.truststore in kafka.properties.\n");
    }

    @Test
    void shouldNameAFileOfCertificatesThatIsNotThere() throws Exception {
        // When
        int exitCode = produceTrusting(folder.resolve("nowhere.pem"));

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("millrace: cannot make a Kafka client for "
                        + broker.connection().bootstrapServers() + ": ")
                .contains(folder.resolve("nowhere.pem").toString());
    }

    private int produceTrusting(Path certificates) throws IOException {
        Map<String, String> properties = new HashMap<>(broker.connection().properties());
        properties.put("ssl.truststore.location", certificates.toString());
        KafkaConnection kafka = new KafkaConnection(broker.connection().bootstrapServers(), properties);
        Path config = users.write("mistrustful", kafka);
        return run("produce", examples.toString(), "--task", Users.TASK, "--config", config.toString());
    }

    private int run(String... arguments) {
        return MillraceMain.run(new PrintWriter(new StringWriter(), true), new PrintWriter(err, true), arguments);
    }

    /** The right to look is left: without it the command would not even find what it is about. */
    private static AccessRight without(AclOperation operation, AccessRight right) {
        Set<AclOperation> operations = EnumSet.copyOf(right.operations());
        operations.remove(operation);
        operations.add(AclOperation.DESCRIBE);
        return new AccessRight(right.resource(), operations);
    }
}
