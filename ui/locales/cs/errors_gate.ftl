error-invalid-cell = „{ $value }“ není označení buňky mapy.
error-unknown-cell-resolution = Buňky mapy s rozlišením { $value } se nepoužívají, jen 7 až 10.
error-instant-without-zone = Čas „{ $value }“ nemá časové pásmo.
error-retention-months-invalid = Lhůta { $value } není možná. Zadejte { $minimum } až { $maximum } měsíců.
