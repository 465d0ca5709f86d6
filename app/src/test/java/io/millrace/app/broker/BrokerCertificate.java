package io.millrace.app.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A certificate for 127.0.0.1 that vouches for itself, made by the JDK's keytool.
 *
 * @param keyStore the certificate with its key, for the broker
 * @param trusted the certificate alone, as PEM, for its clients
 */
public record BrokerCertificate(Path keyStore, Path trusted) {

    static final String PASSWORD = "of-the-key-store";

    /** Makes one in {@code folder}. */
    public static BrokerCertificate make(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        BrokerCertificate made = new BrokerCertificate(folder.resolve("broker.p12"), folder.resolve("broker.pem"));
        made.keytool(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=broker", "-ext", "san=ip:127.0.0.1"));
        made.keytool(List.of("-exportcert", "-rfc", "-file", made.trusted.toString()));
        return made;
    }

    private void keytool(List<String> command) throws IOException, InterruptedException {
        List<String> common = List.of(
                "-alias", "broker", "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD);
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(Stream.of(List.of(keytool.toString()), command, common)
                        .flatMap(List::stream)
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool cannot make a certificate: " + said);
        }
    }
}
