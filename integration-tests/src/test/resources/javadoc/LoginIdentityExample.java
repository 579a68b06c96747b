// checked by ephemeral-chat-spring-boot-starter/src/test/java/io/github/ephemeralchat/spring/SpringJavadocTest.java
