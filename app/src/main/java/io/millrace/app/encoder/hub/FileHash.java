package io.millrace.app.encoder.hub;

import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hash that the hub states for a file: SHA-256 for large files, Git's hash for those that are in the Git repository itself.
 *
 * @param hex 64 or 40 digits
 */
record FileHash(String hex) {

    private static final Pattern KNOWN = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{40}");
    private static final int SHA_256_DIGITS = 64;
    private static final int BUFFER_BYTES = 1 << 16;

    /** The hash in an ETag, weak or not; absent if it is of another kind. */
    static Optional<FileHash> of(String etag) {
        String bare = etag.strip().replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        return KNOWN.matcher(bare).matches() ? Optional.of(new FileHash(bare)) : Optional.empty();
    }

    /** Whether a file has this hash. */
    boolean matches(Path file) throws IOException {
        MessageDigest digest = digest(Files.size(file));
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    /** Git hashes a file as an object of the type blob: its size comes first. */
    private MessageDigest digest(long bytes) {
        if (hex.length() == SHA_256_DIGITS) {
            return Sha256.digest();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    String kind() {
        return hex.length() == SHA_256_DIGITS ? "SHA-256" : "Git hash";
    }
}
