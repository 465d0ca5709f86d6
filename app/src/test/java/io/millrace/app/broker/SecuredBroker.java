package io.millrace.app.broker;

import io.millrace.app.access.AccessRight;
import io.millrace.app.broker.RecordingAuthorizer.Grant;
import io.millrace.app.broker.RecordingAuthorizer.Granted;
import io.millrace.schemas.kafka.KafkaConnection;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** A broker as one has in production: TLS, passwords by SCRAM-SHA-512, and nobody may do what he was not granted. */
public final class SecuredBroker implements AutoCloseable {

    /** The broker's own user, who may do everything. */
    private static final String SUPER_USER = "broker";

    private static final String SUPER_PASSWORD = "of-the-broker";
    private static final int ITERATIONS = 4096;

    private final KafkaRaftServer server;
    private final int port;
    private final BrokerCertificate certificate;
    private final Granted granted;
    private final Admin admin;

    private SecuredBroker(KafkaRaftServer server, int port, BrokerCertificate certificate, Granted granted) {
        this.server = server;
        this.port = port;
        this.certificate = certificate;
        this.granted = granted;
        this.admin = Admin.create(connection().clientProperties());
    }

    /** Starts one in an empty directory. */
    public static SecuredBroker start(Path directory) throws Exception {
        BrokerCertificate certificate = BrokerCertificate.make(directory.resolve("certificate"));
        Path logDirectory = Files.createDirectories(directory.resolve("log"));
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerSettings.NODE_ID)
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .addDirectory(logDirectory.toString())
                .setScramArguments(List.of("SCRAM-SHA-512=[name=" + SUPER_USER + ",password=" + SUPER_PASSWORD + "]"))
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
        BrokerSettings.Ports ports = EmbeddedBroker.freePorts(0);
        Granted granted = new Granted();
        Properties settings = BrokerSettings.of(logDirectory, ports);
        settings.putAll(security(certificate));
        settings.put(RecordingAuthorizer.RECORD, granted);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        return new SecuredBroker(server, ports.clients(), certificate, granted);
    }

    /** How to reach it as {@code user}, whose password may be a reference. */
    public KafkaConnection connection(String user, String password) {
        return new KafkaConnection(
                BrokerSettings.HOST + ":" + port,
                Map.of(
                        "security.protocol", "SASL_SSL",
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.location", certificate.trusted().toString(),
                        "sasl.mechanism", "SCRAM-SHA-512",
                        "sasl.jaas.config", login(user, password)));
    }

    /** How to reach it as the user who may do everything. */
    public KafkaConnection connection() {
        return connection(SUPER_USER, SUPER_PASSWORD);
    }

    /** Makes a user with these rights and no others. */
    public void addUser(String user, String password, List<AccessRight> rights) throws Exception {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, scram, password)))
                .all()
                .get();
        List<AclBinding> bindings = new ArrayList<>();
        for (AccessRight right : rights) {
            for (AclOperation operation : right.operations()) {
                bindings.add(new AclBinding(
                        right.resource(),
                        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)));
            }
        }
        admin.createAcls(bindings).all().get();
    }

    /** What it has granted to anyone since it was started. */
    public Set<Grant> grants() {
        return granted.grants();
    }

    @Override
    public void close() {
        admin.close();
        server.shutdown();
        server.awaitShutdown();
    }

    private static Map<String, Object> security(BrokerCertificate certificate) {
        return Map.of(
                "listener.security.protocol.map",
                "BROKER:SASL_SSL,INTERNAL:PLAINTEXT," + BrokerSettings.CONTROLLER_LISTENER + ":PLAINTEXT",
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.broker.scram-sha-512.sasl.jaas.config",
                login(SUPER_USER, SUPER_PASSWORD),
                "ssl.keystore.location",
                certificate.keyStore().toString(),
                "ssl.keystore.password",
                BrokerCertificate.PASSWORD,
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificate.trusted().toString(),
                "authorizer.class.name",
                RecordingAuthorizer.class.getName(),
                // The broker speaks to itself and to its controller without a name.
                "super.users",
                "User:" + SUPER_USER + ";User:ANONYMOUS");
    }

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }
}
