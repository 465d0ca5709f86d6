package io.millrace.schemas.kafka;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;

/**
 * References in client properties to secrets that are kept elsewhere: <code>${env:NAME}</code>,
 * <code>${file:PATH:KEY}</code> and <code>${dir:PATH:FILE}</code>. Kafka's own providers read the secret when a client is created, so
 * no map of ours holds it. This class only checks that they will find it, because Kafka does not report a missing one.
 */
final class SecretReferences {

    /** The client settings that enable the three. */
    private static final Map<String, String> PROVIDERS = Map.of(
            AbstractConfig.CONFIG_PROVIDERS_CONFIG,
            "env,file,dir",
            AbstractConfig.CONFIG_PROVIDERS_CONFIG + ".env.class",
            EnvVarConfigProvider.class.getName(),
            AbstractConfig.CONFIG_PROVIDERS_CONFIG + ".file.class",
            FileConfigProvider.class.getName(),
            AbstractConfig.CONFIG_PROVIDERS_CONFIG + ".dir.class",
            DirectoryConfigProvider.class.getName());

    private SecretReferences() {}

    /** The providers that {@code properties} need; none if they refer to nothing or name providers of their own. */
    static Map<String, String> providers(Map<String, String> properties) {
        boolean needed = properties.values().stream()
                .anyMatch(value ->
                        ConfigTransformer.DEFAULT_PATTERN.matcher(value).find());
        return needed && !properties.containsKey(AbstractConfig.CONFIG_PROVIDERS_CONFIG) ? PROVIDERS : Map.of();
    }

    /**
     * Refuses properties with references to nothing, or with a login that Kafka cannot read.
     *
     * @param settings {@code properties} with the providers
     */
    static void check(Map<String, String> properties, Map<String, Object> settings) {
        Map<String, Object> resolved = resolve(settings);
        List<String> providers = List.of(settings.getOrDefault(AbstractConfig.CONFIG_PROVIDERS_CONFIG, "")
                .toString()
                .split(","));
        properties.forEach((name, value) -> {
            for (MatchResult reference :
                    ConfigTransformer.DEFAULT_PATTERN.matcher(value).results().toList()) {
                boolean left = String.valueOf(resolved.get(name)).contains(reference.group());
                if (left && providers.contains(reference.group(1))) {
                    throw new IllegalArgumentException(
                            "kafka.properties." + name + " refers to " + reference.group()
                                    + ", which is not there. Set the environment variable, or write the file or the key in it.");
                }
            }
        });
        if (resolved.containsKey(SaslConfigs.SASL_JAAS_CONFIG)) {
            checkLogin(resolved.get(SaslConfigs.SASL_JAAS_CONFIG).toString());
        }
    }

    private static Map<String, Object> resolve(Map<String, Object> settings) {
        try {
            return new AbstractConfig(new ConfigDef(), settings, false).originals();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(
                    "kafka.properties refer to what cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static void checkLogin(String login) {
        try {
            JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(login)));
        } catch (IllegalArgumentException e) {
            // Without the cause: it quotes what it stumbled over, which may be a piece of the password.
            throw new IllegalArgumentException("kafka.properties." + SaslConfigs.SASL_JAAS_CONFIG
                    + " must read MODULE required NAME=\"VALUE\" ...; and a value must hold no double quote and no line"
                    + " end, also one that is referred to. It is not shown, because it may hold a password.");
        }
    }
}
