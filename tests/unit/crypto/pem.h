/* pem.h - key files as openssl 3.0 writes them, made for the tests. */
#ifndef LL_TESTS_UNIT_CRYPTO_PEM_H
#define LL_TESTS_UNIT_CRYPTO_PEM_H

static const char pem_p256[] = "-----BEGIN EC PRIVATE KEY-----\n"
                               "MHcCAQEEIEUSqGptyd54L7N2Lq09Z2YNPlMtmEof4XV1XOcZWeR1oAoGCCqGSM49\n"
                               "AwEHoUQDQgAEwGwLNUDVE1D/O7pwkVgCOOgX5TYD9YlkSk3e06rmbkcBnW2f2WgF\n"
                               "SOQ/kVtpOJ5vAMq2rgCq7SUAejl07bSIjQ==\n"
                               "-----END EC PRIVATE KEY-----\n";
static const char pem_p256_public_compressed[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADwGwLNUDVE1D/O7pwkVgCOOgX5TYD\n"
    "9YlkSk3e06rmbkc=\n"
    "-----END PUBLIC KEY-----\n";
static const char pem_sm2[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgK5lmgEYqR9xCiB1i\n"
                              "D8sXEXrv5D6OLaG8xm+9yUdugeehRANCAATSXfpz6afsTE2Gq+xGIzfHm/lR+p6l\n"
                              "3ATzhsMO4Wz7JIYi3kq5pBRw8HGBJEBCfHTH5Dc4m26YiL+9y3ErrfeR\n"
                              "-----END PRIVATE KEY-----\n";
static const char pem_sm2_public[] = "-----BEGIN PUBLIC KEY-----\n"
                                     "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE0l36c+mn7ExNhqvsRiM3x5v5Ufqe\n"
                                     "pdwE84bDDuFs+ySGIt5KuaQUcPBxgSRAQnx0x+Q3OJtumIi/vctxK633kQ==\n"
                                     "-----END PUBLIC KEY-----\n";
static const char pem_encrypted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg3e8tq15z6/gICCAAw\n"
                                    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAOUUaMLadmqkya3BxHbgEEEgZD6\n"
                                    "rGs2n8QDyPL393xWs654bPq9biO1Pz03F5gMyLleuL8zGy2WAe47UhzjIQoE51qV\n"
                                    "hT6xoReXUZY/l5fwmwOpCQ2ggZHkNEt6WjJgremTQaNrwL+fDeDBh8fM72+TqLuL\n"
                                    "I0P++suwBEVUA0r5v+mfRnn21U+HNCB+fnHlvUC+pPE00TQdu2vzrW/pGcLGJEE=\n"
                                    "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char pem_p384[] = "-----BEGIN EC PRIVATE KEY-----\n"
                               "MIGkAgEBBDD3+rILj4HP2vepbzOFSzG/idkR07hfO4yjdOCIsqN0HdDvEdXcJSMy\n"
                               "VYlBm6nx3zOgBwYFK4EEACKhZANiAAQbSgKx9D8Ty0qYdmtzh48apo0AKSrWTpjr\n"
                               "rOcSM0Gs/QRxBvPzbLlsT5AGwy9ArExpQYD725kdOAIjn3ofQwbc/UgwHBI/b9Uc\n"
                               "Ig11+n6Q6beRNFGOsuTJHdT8Ixa6P3o=\n"
                               "-----END EC PRIVATE KEY-----\n";

#endif
