/** A Kafka broker in this process, made of Kafka's own server classes. */
@NullMarked
package io.millrace.app.broker;

import org.jspecify.annotations.NullMarked;
