/** A Kafka broker in this process, made of Kafka's own server classes. */
package io.millrace.app.broker;
